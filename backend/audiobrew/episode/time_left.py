"""How long a brew still takes, measured from the clips that it has finished."""

from collections import deque

from audiobrew.db.stages import Stage
from audiobrew.episode.episode import Progress

# The estimate is made from this many observations at most, so that it follows a voice that slows down.
WINDOW = 10
# It needs this many clips.
MIN_CLIPS = 2
# Seconds. No voice makes a clip in less; it was stored before, and says nothing about those to come.
MIN_CLIP_SECONDS = 0.2
# An estimate exceeds the one before by at most this factor and these seconds.
MAX_GROWTH, MAX_GROWTH_SECONDS = 1.25, 5.0


class TimeLeft:
    """Estimates the time to the end of one brew from its states, as one stream sees them."""

    def __init__(self) -> None:
        # When the stream saw how many clips.
        self._observations: deque[tuple[float, int]] = deque(maxlen=WINDOW)
        self._last: float | None = None

    def estimate(self, progress: Progress, now: float) -> int | None:
        """The seconds that are left, or None as long as that is unknown. `now` is in seconds of any clock."""
        if progress.stage is not Stage.SPEAKING:
            self._observations.clear()
            self._last = None
            return None
        self._observe(progress.done, now)
        begin, first = self._observations[0]
        end, last = self._observations[-1]
        if last - first < MIN_CLIPS:
            return None
        seconds = max(0, progress.total - last) * (end - begin) / (last - first)
        seconds = max(0.0, seconds - (now - end))
        if self._last is not None:
            seconds = min(seconds, self._last * MAX_GROWTH + MAX_GROWTH_SECONDS)
        self._last = seconds
        return round(seconds)

    def _observe(self, clips: int, now: float) -> None:
        if self._observations:
            at, before = self._observations[-1]
            if clips == before:
                return
            if now - at < MIN_CLIP_SECONDS * (clips - before) or clips < before:
                self._observations.clear()
        self._observations.append((now, clips))
