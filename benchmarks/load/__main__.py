"""Measures the service under load on this machine: `python -m benchmarks.load [routes|ramp|storm …]`.

The load generator runs in its own process, whose CPU time is not counted. But it shares the machine, so CPU
milliseconds per request and ratios to the bare FastAPI of the same run say more than requests per second.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import httpx2
import psutil

from benchmarks.load.generator import Statistics, measure_load, read_statistics, run_locust
from benchmarks.load.process_tree import ProcessTrees, difference, process_trees
from benchmarks.load.routes import MeasuredRequest, measured_requests
from benchmarks.load.stage import Stage, environment, run_stage
from tests.ports import free_port

ROUTE_SECONDS, ROUTE_USERS, IDLE_SECONDS = 4.0, 4, 8.0
STEPS, STEP_SECONDS = (20, 40, 80, 160, 320, 640), 8.0
MAX_P99_MS, MIN_ANSWER_SHARE = 1000.0, 0.85
STORM, ORDERING_SECONDS, STORM_SECONDS = 24, 20.0, 300.0
LISTENERS = 6
FINAL_STAGES = {"ready", "failed", "cancelled"}
BARE = Path(__file__).parents[1] / "bare.py"


def measure_routes(stage: Stage) -> None:
    """CPU milliseconds per request, without the idle load, and as a ratio to the floor."""
    trees = process_trees(stage)
    idle = trees.idle(IDLE_SECONDS)
    idle_text = "  ".join(f"{part} {1000 * cpu:.1f}" for part, cpu in idle.items())
    print(f"\nidle, CPU ms per second: {idle_text}")
    print(f"routes: {ROUTE_USERS} connections, {ROUTE_SECONDS:g} s each; CPU ms per request")
    floor = measure_floor(stage)
    print(f"{'bare FastAPI, 304 bytes':36} api {floor:6.2f}", flush=True)
    for request in measured_requests(stage):
        env = environment(stage, LOAD_REQUEST=json.dumps(request.as_dict()))
        load = (["single_route.py"], stage.product.url, ROUTE_USERS, ROUTE_SECONDS, env)
        print_route(request.name, *measure_load(*load, trees), idle, floor)


def print_route(
    name: str,
    statistics: Statistics,
    cpu: dict[str, float],
    duration: float,
    idle: dict[str, float],
    floor: float,
) -> None:
    per_request = {
        part: 1000 * (seconds - idle[part] * duration) / statistics.requests
        for part, seconds in cpu.items()
    }
    print(
        f"{name:36} api {per_request['api']:6.2f}  postgres {per_request['postgres']:6.2f}"
        f"  {per_request['api'] / floor:5.1f} x bare  median {statistics.median:4.0f} ms"
        f"  {statistics.requests} requests, {statistics.failures} failed",
        flush=True,
    )


def measure_floor(stage: Stage) -> float:
    """CPU milliseconds per request of a bare FastAPI on uvicorn."""
    with tempfile.NamedTemporaryFile() as body:
        Path(body.name).write_bytes(b"x" * 304)
        port = free_port()
        server = psutil.Popen([sys.executable, str(BARE), str(port), body.name])
        url = f"http://127.0.0.1:{port}"
        try:
            wait_until_answering(url)
            request = MeasuredRequest("bare", "GET", "/", {})
            env = environment(stage, LOAD_REQUEST=json.dumps(request.as_dict()))
            load = (["single_route.py"], url, ROUTE_USERS, ROUTE_SECONDS, env)
            statistics, cpu, _ = measure_load(*load, ProcessTrees({"bare": server.pid}))
        finally:
            server.terminate()
            server.wait()
    return 1000 * cpu["bare"] / statistics.requests


def wait_until_answering(url: str) -> None:
    deadline = monotonic() + 60
    while monotonic() < deadline:
        try:
            httpx2.get(url).raise_for_status()
            return
        except httpx2.TransportError:
            sleep(0.1)
    raise SystemExit("the bare FastAPI does not answer")


def measure_ramp(stage: Stage) -> None:
    """Add listeners and podcast apps, each with one request per second, until the service breaks."""
    print(
        f"\nramp: listeners and podcast apps, a request per second each, {STEP_SECONDS:g} s a step"
    )
    trees = process_trees(stage)
    for users in STEPS:
        load = (["listener.py", "poller.py"], stage.product.url, users, STEP_SECONDS)
        statistics, cpu, duration = measure_load(*load, environment(stage, LOAD_RATE="1"), trees)
        cores = "  ".join(f"{part} {seconds / duration:.2f}" for part, seconds in cpu.items())
        print(
            f"{users:4} requests per second: {statistics.rate:6.1f} answered, {statistics.failures} failed,"
            f" median {statistics.median:.0f} ms, p99 {statistics.p99:.0f} ms; cores: {cores}"
        )
        if reason := find_limit(statistics, users):
            busiest = max(cpu, key=cpu.__getitem__)
            print(f"breaks at {users} per second: {reason}; busiest part: {busiest}")
            return
    print(f"holds {STEPS[-1]} per second, the last step")


def find_limit(statistics: Statistics, rate: int) -> str | None:
    """Why the service does not hold this rate, or None if it does."""
    if statistics.failures:
        return f"{statistics.failures} failed"
    if statistics.p99 > MAX_P99_MS:
        return f"p99 over {MAX_P99_MS:.0f} ms"
    return (
        "answers are too slow for the rate" if statistics.rate < MIN_ANSWER_SHARE * rate else None
    )


def measure_storm(stage: Stage) -> None:
    """Everybody orders at once: how long the queue becomes, and what an episode costs."""
    trees, start = process_trees(stage), monotonic()
    cpu_before, peak_memory = trees.seconds(), trees.megabytes()
    ready_before, depths = stage.episodes()["ready"], [0]
    print(f"\nstorm: {STORM} clients of {LISTENERS} listeners order for {ORDERING_SECONDS:g} s")
    env = environment(stage, LOAD_BREW_EVERY="1")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "storm")
        with run_locust(["storm.py"], stage.product.url, STORM, env, out):
            while monotonic() - start < ORDERING_SECONDS:
                observe(stage, trees, depths, peak_memory)
        statistics = read_statistics(out)["Aggregated"]
    while observe(stage, trees, depths, peak_memory) and monotonic() - start < STORM_SECONDS:
        pass
    ready = stage.episodes()["ready"] - ready_before
    cpu = difference(cpu_before, trees.seconds())
    seconds = "  ".join(f"{part} {value / max(ready, 1):.2f}" for part, value in cpu.items())
    peak = "  ".join(f"{part} {value:.0f}" for part, value in peak_memory.items())
    print(f"{ready} episodes in {monotonic() - start:.0f} s; at most {max(depths)} waiting")
    print(
        f"{statistics.requests} requests, {statistics.failures} failed, p99 {statistics.p99:.0f} ms"
    )
    print(f"CPU seconds per episode: {seconds if ready else 'none is ready'}\npeak MB: {peak}")


def observe(
    stage: Stage, trees: ProcessTrees, depths: list[int], peak_memory: dict[str, float]
) -> bool:
    """Record the queue's depth and the peak memory, once a second. Returns whether episodes are open."""
    counts = stage.episodes()
    depths.append(counts.get("waiting", 0))
    peak_memory |= {part: max(size, peak_memory[part]) for part, size in trees.megabytes().items()}
    sleep(1)
    return any(count for name, count in counts.items() if name not in FINAL_STAGES)


PARTS: dict[str, Callable[[Stage], None]] = {
    "routes": measure_routes,
    "ramp": measure_ramp,
    "storm": measure_storm,
}


def main(names: list[str]) -> None:
    with run_stage(LISTENERS) as stage:
        sizes = "  ".join(f"{k} {v:.0f}" for k, v in process_trees(stage).megabytes().items())
        print(
            f"{LISTENERS} listeners with 50 episodes each; MB after setting up: {sizes}", flush=True
        )
        for part in names or list(PARTS):
            PARTS[part](stage)


if __name__ == "__main__":
    main(sys.argv[1:])
