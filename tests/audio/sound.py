"""What other programs (mpg123 and FFmpeg) read in an audio file."""

import json
import math
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from audiobrew.audio.pcm import Interval


def require(*programs: str) -> None:
    """Fail if a program is missing: without them the tests would check nothing."""
    if missing := [program for program in programs if not shutil.which(program)]:
        pytest.fail(
            f"Please install {', '.join(missing)} (on Debian: apt-get install ffmpeg mpg123)."
        )


def count_samples(file: Path) -> int:
    """The number of samples that mpg123 plays, without trimming for encoder delay."""
    require("mpg123")
    command = ["mpg123", "-q", "--no-gapless", "-s", "-e", "s16", str(file)]
    return len(subprocess.run(command, check=True, capture_output=True).stdout) // 2


def decode(file: Path) -> bytes:
    """The sound as ffmpeg plays it: 24 kHz, mono, signed 16 bit."""
    require("ffmpeg")
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-xerror",
        "-i",
        str(file),
        "-map",
        "0:a",
        "-f",
        "s16le",
        "-",
    ]
    return subprocess.run(command, check=True, capture_output=True).stdout


def measure_level(file: Path) -> tuple[float, float]:
    """Integrated LUFS and dBTP by ffmpeg's meter."""
    require("ffmpeg")
    filters = ["-map", "0:a", "-af", "ebur128=peak=true", "-f", "null", "-"]
    summary = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", str(file), *filters],
        check=True,
        capture_output=True,
        text=True,
    ).stderr.split("Summary:")[-1]
    matches = [re.search(rf"{name}:\s+(-?[\d.]+|-inf)", summary) for name in ("I", "Peak")]
    loudness, peak = (float(match[1]) if match else math.nan for match in matches)
    return loudness, peak


def find_silences(file: Path, level: float, seconds: float) -> list[Interval]:
    """Where ffmpeg hears nothing above `level` (dBFS) for at least this long."""
    require("ffmpeg")
    filters = [
        "-map",
        "0:a",
        "-af",
        f"silencedetect=noise={level}dB:d={seconds}",
        "-f",
        "null",
        "-",
    ]
    report = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", str(file), *filters],
        check=True,
        capture_output=True,
        text=True,
    ).stderr
    ends = re.findall(r"silence_end: ([\d.]+) \| silence_duration: ([\d.]+)", report)
    return [Interval(float(end) - float(length), float(end)) for end, length in ends]


def probe(file: Path) -> dict[str, Any]:
    """Format, streams and chapters as ffprobe reads them."""
    require("ffprobe")
    options = ["-show_chapters", "-show_format", "-show_streams", "-of", "json"]
    result = subprocess.run(
        ["ffprobe", "-v", "error", *options, str(file)], check=True, capture_output=True
    )
    description: dict[str, Any] = json.loads(result.stdout)
    return description


def measure_peak(file: Path) -> float:
    """The peak in dBTP, oversampled by eight as ffmpeg's meter does, which prints one decimal only."""
    require("ffmpeg")
    meter = "aresample=192000,astats=measure_perchannel=none:measure_overall=Peak_level"
    report = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", str(file), "-map", "0:a", "-af", meter]
        + ["-f", "null", "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stderr
    return float(report.split("Peak level dB:")[1].split()[0])
