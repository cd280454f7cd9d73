"""Half an hour of mixed load and abuse at a modest rate, to find memory that grows.

`python -m benchmarks.load.soak [MINUTES]`. Every process is measured every ten seconds. The slope is that of
a straight line through the second half of the run, when caches are full. The soak fails if a process has over
5 % more memory in the last quarter than in the quarter before, or if a request failed. Mail parsers end and
start again, so they must only stay below their own limit.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression, median
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from audiobrew.settings import Settings

from benchmarks.load.generator import Statistics, read_failures, read_statistics, run_locust
from benchmarks.load.process_tree import ProcessTrees, process_trees
from benchmarks.load.stage import LIBRARY, Stage, environment, run_stage

MINUTES = 30.0
INTERVAL_SECONDS = 10.0
USERS, LISTENERS, ABUSERS = 30, 6, 2
MAX_GROWTH = 0.05
LOAD = ["listener.py", "poller.py", "storm.py", "abuse.py"]
RATES = {"LOAD_RATE": "0.5", "LOAD_BREW_EVERY": "15", "LOAD_ABUSERS": str(ABUSERS)}
MAX_PARSER_MEGABYTES = Settings().parsers * Settings().parser_megabytes * 2**20 / 1e6


@dataclass(frozen=True)
class Sample:
    seconds: float
    megabytes: dict[str, float]
    cpu_seconds: dict[str, float]


def slope(samples: list[Sample], part: str) -> float:
    """Megabytes per hour in the second half."""
    half = samples[len(samples) // 2 :]
    hours = [sample.seconds / 3600 for sample in half]
    return linear_regression(hours, [sample.megabytes[part] for sample in half]).slope


def growth(samples: list[Sample], part: str) -> float:
    """How much more the last quarter has than the one before, as a share of the latter."""
    quarter = len(samples) // 4
    values = [sample.megabytes[part] for sample in samples]
    before, after = median(values[2 * quarter : 3 * quarter]), median(values[3 * quarter :])
    return (after - before) / (before or 1)


def growing_parts(samples: list[Sample]) -> list[str]:
    parts = [part for part in samples[0].megabytes if part != "parsers"]
    parsers = max(sample.megabytes["parsers"] for sample in samples)
    return [
        *(part for part in parts if growth(samples, part) > MAX_GROWTH),
        *(["parsers"] if parsers > MAX_PARSER_MEGABYTES else []),
    ]


def soak(stage: Stage, minutes: float) -> tuple[list[Sample], Statistics]:
    trees, samples = process_trees(stage), []
    with TemporaryDirectory() as folder:
        out, env = Path(folder, "soak"), environment(stage, **RATES)
        with run_locust(LOAD, stage.product.url, USERS, env, out) as process:
            start = monotonic()
            while (seconds := monotonic() - start) < minutes * 60 and process.poll() is None:
                samples.append(take_sample(trees, seconds))
                print_sample(stage, samples[-1])
                sleep(INTERVAL_SECONDS)
        print("\n".join(read_failures(out)))
        return samples, read_statistics(out)["Aggregated"]


def take_sample(trees: ProcessTrees, seconds: float) -> Sample:
    return Sample(seconds, trees.megabytes(), trees.seconds())


def print_sample(stage: Stage, sample: Sample) -> None:
    memory = "  ".join(f"{part} {size:.1f} MB" for part, size in sample.megabytes.items())
    waiting = stage.episodes().get("waiting", 0)
    print(f"{sample.seconds:6.0f} s  {memory}  waiting {waiting}", flush=True)


def describe_cores(samples: list[Sample], part: str) -> str:
    """The CPU use of a part. That of the parsers is included in the API's."""
    if part not in samples[0].cpu_seconds:
        return ""
    cpu = samples[-1].cpu_seconds[part] - samples[0].cpu_seconds[part]
    return f"{cpu / samples[-1].seconds:.3f} cores; "


def main(minutes: float) -> int:
    with run_stage(LISTENERS + ABUSERS) as stage:
        samples, total = soak(stage, minutes)
        ready = stage.episodes()["ready"] - (LISTENERS + ABUSERS) * (LIBRARY + 1)
    print(f"{minutes:g} minutes, {total.requests} requests, {total.failures} failed, {ready} brews")
    for part in samples[0].megabytes:
        values = [sample.megabytes[part] for sample in samples]
        print(
            f"{part:9} {describe_cores(samples, part)}first {values[0]:.1f} MB, last {values[-1]:.1f} MB,"
            f" most {max(values):.1f} MB;"
            f" second half {slope(samples, part):+.1f} MB/h,"
            f" last quarter {growth(samples, part):+.1%} of the one before"
        )
    growing = growing_parts(samples)
    print(f"grew: {', '.join(growing)}" if growing else "no process grew")
    return 1 if growing or total.failures else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES))
