"""Half an hour of everything at once, at a modest rate, and of abuse: does any process' memory grow?

`python -m benchmarks.load.soak [MINUTES]`. Every process is measured every ten seconds. The slope is that
of a straight line through the second half, when caches are full; the soak fails when a process grew
there by more than a twentieth of what it had, or when a request failed. Parsers end and start anew, so
they are held to the limit that each of them has.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression, median
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from audiobrew.settings import Settings

from benchmarks.load.generator import Counted, counted, failures, generating
from benchmarks.load.process_tree import Family, family
from benchmarks.load.stage import LIBRARY, Stage, environment, staged

MINUTES = 30.0
EVERY_SECONDS = 10.0
USERS, LISTENERS, ABUSERS = 30, 6, 2
GROWTH = 0.05
MIXED = ["listener.py", "poller.py", "storm.py", "abuse.py"]
RATES = {"LOAD_RATE": "0.5", "LOAD_BREW_EVERY": "15", "LOAD_ABUSERS": str(ABUSERS)}
MOST_OF_PARSERS = Settings().parsers * Settings().parser_megabytes * 2**20 / 1e6


@dataclass(frozen=True)
class Sample:
    seconds: float
    megabytes: dict[str, float]
    processor: dict[str, float]


def slope(samples: list[Sample], part: str) -> float:
    """Megabytes an hour in the second half."""
    settled = samples[len(samples) // 2 :]
    hours = [one.seconds / 3600 for one in settled]
    return linear_regression(hours, [one.megabytes[part] for one in settled]).slope


def growth(samples: list[Sample], part: str) -> float:
    """What the last quarter has more than the one before, as a share of that."""
    quarter = len(samples) // 4
    values = [one.megabytes[part] for one in samples]
    before, after = median(values[2 * quarter : 3 * quarter]), median(values[3 * quarter :])
    return (after - before) / (before or 1)


def grew(samples: list[Sample]) -> list[str]:
    parts = [part for part in samples[0].megabytes if part != "parsers"]
    parsers = max(one.megabytes["parsers"] for one in samples)
    return [
        *(part for part in parts if growth(samples, part) > GROWTH),
        *(["parsers"] if parsers > MOST_OF_PARSERS else []),
    ]


def soaked(stage: Stage, minutes: float) -> tuple[list[Sample], Counted]:
    watched, samples = family(stage), []
    with TemporaryDirectory() as folder:
        out, env = Path(folder, "soak"), environment(stage, **RATES)
        with generating(MIXED, stage.product.url, USERS, env, out) as process:
            begun = monotonic()
            while (passed := monotonic() - begun) < minutes * 60 and process.poll() is None:
                samples.append(_sample(watched, passed))
                _tell(stage, samples[-1])
                sleep(EVERY_SECONDS)
        print("\n".join(failures(out)))
        return samples, counted(out)["Aggregated"]


def _sample(watched: Family, passed: float) -> Sample:
    return Sample(passed, watched.megabytes(), watched.seconds())


def _tell(stage: Stage, one: Sample) -> None:
    memory = "  ".join(f"{part} {size:.1f} MB" for part, size in one.megabytes.items())
    waiting = stage.episodes().get("waiting", 0)
    print(f"{one.seconds:6.0f} s  {memory}  waiting {waiting}", flush=True)


def _cores(samples: list[Sample], part: str) -> str:
    """Of the API with its parsers."""
    if part not in samples[0].processor:
        return ""
    spent = samples[-1].processor[part] - samples[0].processor[part]
    return f"{spent / samples[-1].seconds:.3f} cores; "


def main(minutes: float) -> int:
    with staged(LISTENERS + ABUSERS) as stage:
        samples, asked = soaked(stage, minutes)
        ready = stage.episodes()["ready"] - (LISTENERS + ABUSERS) * (LIBRARY + 1)
    print(f"{minutes:g} minutes, {asked.requests} requests, {asked.failures} failed, {ready} brews")
    for part in samples[0].megabytes:
        values = [one.megabytes[part] for one in samples]
        print(
            f"{part:9} {_cores(samples, part)}first {values[0]:.1f} MB, last {values[-1]:.1f} MB,"
            f" most {max(values):.1f} MB;"
            f" second half {slope(samples, part):+.1f} MB/h,"
            f" last quarter {growth(samples, part):+.1%} of the one before"
        )
    growing = grew(samples)
    print(f"grew: {', '.join(growing)}" if growing else "no process grew")
    return 1 if growing or asked.failures else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES))
