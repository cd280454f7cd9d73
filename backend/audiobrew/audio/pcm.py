"""Sound as numbers: PCM of 24 kHz, mono, signed 16 bit; where it is silent, and cut to what is heard."""

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
STEP = 3
"""Every third sample tells how loud it is, in a third of the time."""
BLOCK = RATE // 100 // STEP
QUIET = 0.012
"""A block whose peak is this far below the loudest (-38 dB) counts as silent …"""
FLOOR = 40
"""… and so does one that nobody hears (-58 dBFS)."""
PULLED_EVERY = 16
"""Frames. Asking filters after each one for what is ready takes as long as their work."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A part of a sound, in seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


def audible_stretches(pcm: bytes) -> tuple[Interval, ...]:
    """Where something sounds, to 10 ms; nothing for silence."""
    peaks = list(_peaks(pcm))
    limit = max(FLOOR, max(peaks, default=0) * QUIET)
    found: list[Interval] = []
    for number, peak in enumerate(peaks):
        start, end = number / 100, (number + 1) / 100
        if peak < limit:
            continue
        if found and found[-1].end == start:
            start = found.pop().start
        found.append(Interval(start, end))
    return tuple(found)


def _peaks(pcm: bytes) -> Iterator[int]:
    samples = array("h", pcm[: len(pcm) & ~1])
    if sys.byteorder == "big":
        samples.byteswap()
    samples = samples[::STEP]
    for start in range(0, len(samples), BLOCK):
        block = samples[start : start + BLOCK]
        yield max(max(block), -min(block))


def cut(pcm: bytes, part: Interval) -> bytes:
    start, end = (max(0, round(time * RATE)) * 2 for time in (part.start, part.end))
    return pcm[start:end]


def silence(seconds: float) -> bytes:
    return bytes(round(seconds * RATE) * 2)


def audio_frames(pcm: bytes, rate: int = RATE) -> "Iterator[AudioFrame]":
    """The sound in pieces that filters take."""
    from av.audio.frame import AudioFrame

    step = 8192 * 2
    for start in range(0, len(pcm) & ~1, step):
        piece = pcm[start : start + step]
        frame = AudioFrame(format="s16", layout="mono", samples=len(piece) // 2)
        frame.sample_rate = rate
        frame.planes[0].update(piece.ljust(frame.planes[0].buffer_size, b"\0"))
        yield frame


FilterChain = tuple[tuple[str, str], ...]
"""Filters in order, each with its arguments."""


def apply_filters(
    source: "Iterable[AudioFrame]", rate: int, chain: FilterChain, sample_format: str = "s16"
) -> "Iterator[AudioFrame]":
    """Send frames through filters; times are counted anew."""
    from av.filter import Graph

    graph = Graph()
    time = Fraction(1, rate)
    first = graph.add_abuffer(sample_rate=rate, format=sample_format, layout="mono", time_base=time)
    nodes = [first, *(graph.add(name, told) for name, told in chain), graph.add("abuffersink")]
    graph.link_nodes(*nodes).configure()
    at = 0
    for number, frame in enumerate(source, 1):
        frame.pts, frame.time_base = at, time
        at += frame.samples
        graph.push(frame)
        if number % PULLED_EVERY == 0:
            yield from _ready(graph)
    graph.push(None)
    yield from _ready(graph)


def _ready(graph: "Graph") -> "Iterator[AudioFrame]":
    from av.audio.frame import AudioFrame
    from av.error import BlockingIOError as NotYet
    from av.error import EOFError as Ended

    while True:
        try:
            frame = graph.pull()
        except (NotYet, Ended):
            return
        assert isinstance(frame, AudioFrame)
        yield frame


def render(pcm: bytes, rate: int, chain: FilterChain = ()) -> bytes:
    """The sound at 24 kHz, as it is after these filters."""
    ending = (("aresample", str(RATE)), ("aformat", "sample_fmts=s16:channel_layouts=mono"))
    return b"".join(
        bytes(frame.planes[0])[: frame.samples * 2]
        for frame in apply_filters(audio_frames(pcm, rate), rate, (*chain, *ending))
    )
