"""What joining costs: CPU per minute of audio, and memory for an hour, compared with floors of the same run.

The floor for CPU is `ffmpeg -c copy` of the same clips; the floor for memory is copying the same bytes in
Python. Every figure is the best of three runs, each in its own process.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MINUTES = 60
TARGET_CPU, TARGET_MEMORY = 0.02, 64


def make(folder: Path) -> None:
    """Write about an hour of clips: two real ones, repeated."""
    import anyio
    from audiobrew.audio.espeak import EspeakVoice
    from audiobrew.audio.recorder import make_clip
    from audiobrew.audio.voice import Utterance
    from audiobrew.script.script import Speaker

    text = ("The council met on Monday, and it agreed on very little.", "That surprised nobody.")
    utterances = [Utterance(text * 2, speaker, "en") for speaker in Speaker]
    clips = [anyio.run(make_clip, EspeakVoice(), utterance) for utterance in utterances]
    seconds, number = 0.0, 0
    while seconds < MINUTES * 60:
        clip = clips[number % 2]
        (folder / f"{number:04d}.mp3").write_bytes(clip.mp3)
        seconds, number = seconds + clip.seconds, number + 1


def join_clips(folder: Path) -> None:
    """Join with our code, which reads one clip at a time."""
    from datetime import date

    from audiobrew.audio.join import Piece, Tags, join
    from audiobrew.audio.pauses import Pauses, Place
    from audiobrew.script.script import Speaker

    files = sorted(folder.glob("[0-9]*.mp3"))

    def pieces() -> Iterator[Piece]:
        for number, file in enumerate(files):
            place = Place(number * 20 // len(files), "en", list(Speaker)[number % 2])
            yield Piece(file.read_bytes(), place)

    titles = tuple(f"Story {number}" for number in range(20))
    join(
        pieces(),
        folder / "out.mp3",
        Tags("An hour", "Show", "en", titles, date(2026, 11, 29), b"cover"),
        Pauses.of(True),
    )


def copy_clips(folder: Path) -> None:
    """Copy the same bytes from file to file: the floor for memory."""
    with (folder / "out.bin").open("wb") as out:
        for file in sorted(folder.glob("[0-9]*.mp3")):
            out.write(file.read_bytes())


def measure(command: list[str]) -> tuple[float, float]:
    """CPU seconds and peak megabytes of a process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run(command, capture_output=True, check=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = json.loads(result.stdout)["peak"] if result.stdout else 0.0
    return cpu, peak


def measure_best(command: list[str]) -> tuple[float, float]:
    runs = [measure(command) for _ in range(3)]
    return min(cpu for cpu, _ in runs), min(peak for _, peak in runs)


def measure_part(part: str, folder: Path) -> tuple[float, float]:
    return measure_best([sys.executable, __file__, part, str(folder)])


def measure_ffmpeg(folder: Path) -> tuple[float, float]:
    names = folder / "list.txt"
    names.write_text("".join(f"file '{file}'\n" for file in sorted(folder.glob("[0-9]*.mp3"))))
    options = ["ffmpeg", "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", str(names)]
    return measure_best([*options, "-c", "copy", str(folder / "floor.mp3")])


def report(folder: Path) -> bool:
    minutes = (folder / "out.mp3").stat().st_size * 8 / 64_000 / 60
    cpu, memory = measure_part("join", folder)
    python_start, _ = measure_part("nothing", folder)
    floor_cpu, _ = measure_ffmpeg(folder)
    _, floor_memory = measure_part("copy", folder)
    per_minute, floor = cpu / minutes, floor_cpu / minutes
    print(f"join, CPU per minute of audio   {per_minute:.5f} s   target {TARGET_CPU} s")
    print(f"  without Python's own start    {(cpu - python_start) / minutes:.5f} s")
    print(f"  ffmpeg -c copy, the floor     {floor:.5f} s   ratio {per_minute / floor:.2f}")
    print(f"join, peak memory for an hour   {memory:.1f} MB   target {TARGET_MEMORY} MB")
    print(
        f"  copying the bytes, the floor  {floor_memory:.1f} MB   ratio {memory / floor_memory:.2f}"
    )
    return per_minute <= TARGET_CPU and memory <= TARGET_MEMORY


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder, start = Path(name), time.monotonic()
        # In child processes, because a child starts with the peak memory of its parent.
        measure([sys.executable, __file__, "make", name])
        measure([sys.executable, __file__, "join", name])
        within_targets = report(folder)
        clips = list(folder.glob("[0-9]*.mp3"))
        print(f"{len(clips)} clips, {time.monotonic() - start:.0f} s in all")
    return 0 if within_targets else 1


def run_part(name: str, folder: Path) -> None:
    """Run one part of the measurement and print its peak memory in megabytes."""
    {"make": make, "join": join_clips, "copy": copy_clips, "nothing": lambda _: None}[name](folder)
    scale = 2**20 if sys.platform == "darwin" else 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
    print(json.dumps({"peak": peak}))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        run_part(sys.argv[1], Path(sys.argv[2]))
    else:
        sys.exit(main())
