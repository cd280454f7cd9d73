"""PCM sound (24 kHz, mono, signed 16 bit): finding silence, cutting, and filtering."""

import sys
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.filter import Graph

RATE = 24_000
# Only every third sample is examined for silence, which takes a third of the time.
STEP = 3
# The samples that are examined in 10 ms.
BLOCK = RATE // 100 // STEP
# A block is silent if its peak is below this share of the loudest one (-38 dB) or below an inaudible level
# (-58 dBFS).
RELATIVE_SILENCE = 0.012
ABSOLUTE_SILENCE = 40
# Speech is loud and quiet in turn: if the quietest tenth of its blocks of 20 ms is louder than this share of
# the loudest tenth, a sound is noise. Shorter sounds are not judged.
NOISE, MIN_JUDGED_SECONDS = 0.5, 0.6
# Frames between two reads from the filters. Reading after each frame takes as long as the filters' work.
PULL_INTERVAL = 16
# Filters of FFmpeg in order, each with its arguments.
FilterChain = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """A part of a sound. Start and end are in seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


def audible_intervals(pcm: bytes) -> tuple[Interval, ...]:
    """The intervals that are not silent, to 10 ms. Empty for silence."""
    samples = examined_samples(pcm)
    blocks = (samples[start : start + BLOCK] for start in range(0, len(samples), BLOCK))
    peaks = [max(max(block), -min(block)) for block in blocks]
    threshold = max(ABSOLUTE_SILENCE, max(peaks, default=0) * RELATIVE_SILENCE)
    intervals: list[Interval] = []
    for number, peak in enumerate(peaks):
        start, end = number / 100, (number + 1) / 100
        if peak < threshold:
            continue
        if intervals and intervals[-1].end == start:
            start = intervals.pop().start
        intervals.append(Interval(start, end))
    return tuple(intervals)


def is_noise(pcm: bytes) -> bool:
    """Whether the audible part of a sound is equally loud all the time, as hiss and tones are."""
    audible = audible_intervals(pcm)
    if not audible or audible[-1].end - audible[0].start < MIN_JUDGED_SECONDS:
        return False
    samples = examined_samples(cut(pcm, Interval(audible[0].start, audible[-1].end)))
    size = BLOCK * 2
    energies = sorted(
        sum(sample * sample for sample in samples[start : start + size])
        for start in range(0, len(samples) - size + 1, size)
    )
    quiet, loud = energies[len(energies) // 10], energies[len(energies) * 9 // 10]
    return quiet > loud * NOISE**2


def examined_samples(pcm: bytes) -> "array[int]":
    samples = array("h", pcm[: len(pcm) & ~1])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples[::STEP]


def cut(pcm: bytes, interval: Interval) -> bytes:
    """The sound of an interval."""
    start, end = (max(0, round(time * RATE)) * 2 for time in (interval.start, interval.end))
    return pcm[start:end]


def silence(seconds: float) -> bytes:
    return bytes(round(seconds * RATE) * 2)


def audio_frames(pcm: bytes, rate: int = RATE) -> "Iterator[AudioFrame]":
    """The sound as PyAV frames, which filters take."""
    from av.audio.frame import AudioFrame

    step = 8192 * 2
    for start in range(0, len(pcm) & ~1, step):
        piece = pcm[start : start + step]
        frame = AudioFrame(format="s16", layout="mono", samples=len(piece) // 2)
        frame.sample_rate = rate
        frame.planes[0].update(piece.ljust(frame.planes[0].buffer_size, b"\0"))
        yield frame


def apply_filters(
    source: "Iterable[AudioFrame]", rate: int, chain: FilterChain, sample_format: str = "s16"
) -> "Iterator[AudioFrame]":
    """Send frames through filters. The frames get new time stamps, which begin at 0."""
    from av.filter import Graph

    graph = Graph()
    time = Fraction(1, rate)
    first = graph.add_abuffer(sample_rate=rate, format=sample_format, layout="mono", time_base=time)
    filters = [graph.add(name, arguments) for name, arguments in chain]
    graph.link_nodes(first, *filters, graph.add("abuffersink")).configure()
    position = 0
    for number, frame in enumerate(source, 1):
        frame.pts, frame.time_base = position, time
        position += frame.samples
        graph.push(frame)
        if number % PULL_INTERVAL == 0:
            yield from pull_frames(graph)
    graph.push(None)
    yield from pull_frames(graph)


def pull_frames(graph: "Graph") -> "Iterator[AudioFrame]":
    """The frames that the filters have finished."""
    from av.audio.frame import AudioFrame
    from av.error import BlockingIOError as NotReady
    from av.error import EOFError as EndOfStream

    while True:
        try:
            frame = graph.pull()
        except (NotReady, EndOfStream):
            return
        assert isinstance(frame, AudioFrame)
        yield frame


def render(pcm: bytes, rate: int, chain: FilterChain = ()) -> bytes:
    """The sound at 24 kHz after these filters. `rate` is the rate of `pcm`."""
    ending = (("aresample", str(RATE)), ("aformat", "sample_fmts=s16:channel_layouts=mono"))
    return b"".join(
        bytes(frame.planes[0])[: frame.samples * 2]
        for frame in apply_filters(audio_frames(pcm, rate), rate, (*chain, *ending))
    )
