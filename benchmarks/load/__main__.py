"""What load does to the product, on this machine: `python -m benchmarks.load [routes|ramp|storm …]`.

The load generator is a process of its own, and its processor time is not counted; but it shares the
machine, so believe milliseconds of processor time a request, and ratios to the bare FastAPI of the same
run, more than requests a second.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import httpx2
import psutil

from benchmarks.load.generator import Counted, counted, generated, generating
from benchmarks.load.process_tree import Family, family, spent
from benchmarks.load.routes import Asked, routes
from benchmarks.load.stage import Stage, environment, staged
from tests.postgres import free_port

ROUTE_SECONDS, ROUTE_USERS, IDLE_SECONDS = 4.0, 4, 8.0
STEPS, STEP_SECONDS = (20, 40, 80, 160, 320, 640), 8.0
TOO_SLOW_MS, TOO_FEW = 1000.0, 0.85
STORM, ORDERING_SECONDS, STORM_SECONDS = 24, 20.0, 300.0
LISTENERS = 6
ENDED = {"ready", "failed", "cancelled"}
BARE = Path(__file__).parents[1] / "bare.py"


def measured_routes(stage: Stage) -> None:
    """Processor milliseconds a request, without what is spent anyway, and as a ratio to the floor."""
    watched = family(stage)
    idle = watched.idle(IDLE_SECONDS)
    told = "  ".join(f"{part} {1000 * used:.1f}" for part, used in idle.items())
    print(f"\nidle, CPU ms a second: {told}")
    print(f"routes: {ROUTE_USERS} connections, {ROUTE_SECONDS:g} s each; CPU ms a request")
    floor = _floor(stage)
    print(f"{'bare FastAPI, 304 bytes':34} api {floor:6.2f}", flush=True)
    for asked in routes(stage):
        env = environment(stage, LOAD_ROUTE=json.dumps(asked.told()))
        load = (["single_route.py"], stage.product.url, ROUTE_USERS, ROUTE_SECONDS, env)
        _tell_route(asked.name, *generated(*load, watched), idle, floor)


def _tell_route(
    name: str,
    told: Counted,
    took: dict[str, float],
    passed: float,
    idle: dict[str, float],
    floor: float,
) -> None:
    each = {
        part: 1000 * (used - idle[part] * passed) / told.requests for part, used in took.items()
    }
    print(
        f"{name:34} api {each['api']:6.2f}  postgres {each['postgres']:6.2f}"
        f"  {each['api'] / floor:5.1f} x bare  median {told.median:4.0f} ms"
        f"  {told.requests} requests, {told.failures} failed",
        flush=True,
    )


def _floor(stage: Stage) -> float:
    """A bare FastAPI on uvicorn, asked in the same way."""
    with tempfile.NamedTemporaryFile() as body:
        Path(body.name).write_bytes(b"x" * 304)
        port = free_port()
        server = psutil.Popen([sys.executable, str(BARE), str(port), body.name])
        url = f"http://127.0.0.1:{port}"
        try:
            _until_it_answers(url)
            env = environment(stage, LOAD_ROUTE=json.dumps(Asked("bare", "GET", "/", {}).told()))
            load = (["single_route.py"], url, ROUTE_USERS, ROUTE_SECONDS, env)
            told, took, _ = generated(*load, Family({"bare": server.pid}))
        finally:
            server.terminate()
            server.wait()
    return 1000 * took["bare"] / told.requests


def _until_it_answers(url: str) -> None:
    late = monotonic() + 60
    while monotonic() < late:
        try:
            httpx2.get(url).raise_for_status()
            return
        except httpx2.TransportError:
            sleep(0.1)
    raise SystemExit("the bare FastAPI does not answer")


def measured_ramp(stage: Stage) -> None:
    """More and more listeners and podcast apps, a request a second each, until it breaks."""
    print(f"\nramp: listeners and podcast apps, a request a second each, {STEP_SECONDS:g} s a step")
    watched = family(stage)
    for users in STEPS:
        load = (["listener.py", "poller.py"], stage.product.url, users, STEP_SECONDS)
        told, took, passed = generated(*load, environment(stage, LOAD_RATE="1"), watched)
        cores = "  ".join(f"{part} {seconds / passed:.2f}" for part, seconds in took.items())
        print(
            f"{users:4} asked a second: {told.rate:6.1f} answered, {told.failures} failed,"
            f" median {told.median:.0f} ms, p99 {told.slowest:.0f} ms; cores: {cores}"
        )
        if why := _broken(told, users):
            print(
                f"breaks at {users} a second: {why}; most busy: {max(took, key=took.__getitem__)}"
            )
            return
    print(f"holds {STEPS[-1]} a second, the last step")


def _broken(told: Counted, asked: int) -> str | None:
    if told.failures:
        return f"{told.failures} failed"
    if told.slowest > TOO_SLOW_MS:
        return f"p99 over {TOO_SLOW_MS:.0f} ms"
    return "fewer answered than asked" if told.rate < TOO_FEW * asked else None


def measured_storm(stage: Stage) -> None:
    """Everybody orders at once: how long the queue grows, and what an episode takes."""
    watched, begun = family(stage), monotonic()
    before, memory = watched.seconds(), watched.megabytes()
    ended, depths = stage.episodes()["ready"], [0]
    print(f"\nstorm: {STORM} clients of {LISTENERS} listeners order for {ORDERING_SECONDS:g} s")
    env = environment(stage, LOAD_BREW_EVERY="1")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "storm")
        with generating(["storm.py"], stage.product.url, STORM, env, out):
            while monotonic() - begun < ORDERING_SECONDS:
                _look(stage, watched, depths, memory)
        told = counted(out)["Aggregated"]
    while _look(stage, watched, depths, memory) and monotonic() - begun < STORM_SECONDS:
        pass
    made, took = stage.episodes()["ready"] - ended, spent(before, watched.seconds())
    seconds = "  ".join(f"{part} {value / max(made, 1):.2f}" for part, value in took.items())
    peak = "  ".join(f"{part} {value:.0f}" for part, value in memory.items())
    print(f"{made} episodes in {monotonic() - begun:.0f} s; at most {max(depths)} waiting")
    print(f"{told.requests} requests, {told.failures} failed, p99 {told.slowest:.0f} ms")
    print(f"CPU seconds an episode: {seconds if made else 'none got ready'}\nMB at most: {peak}")


def _look(stage: Stage, watched: Family, depths: list[int], memory: dict[str, float]) -> bool:
    """One a second; whether anything is waiting or at work."""
    found = stage.episodes()
    depths.append(found.get("waiting", 0))
    memory |= {part: max(size, memory[part]) for part, size in watched.megabytes().items()}
    sleep(1)
    return any(count for name, count in found.items() if name not in ENDED)


PARTS: dict[str, Callable[[Stage], None]] = {
    "routes": measured_routes,
    "ramp": measured_ramp,
    "storm": measured_storm,
}


def main(chosen: list[str]) -> None:
    with staged(LISTENERS) as stage:
        sizes = "  ".join(f"{k} {v:.0f}" for k, v in family(stage).megabytes().items())
        print(
            f"{LISTENERS} listeners with 50 episodes each; MB after setting up: {sizes}", flush=True
        )
        for part in chosen or list(PARTS):
            PARTS[part](stage)


if __name__ == "__main__":
    main(sys.argv[1:])
