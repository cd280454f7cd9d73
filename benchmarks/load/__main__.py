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

from benchmarks.load.asked import Asked, routes
from benchmarks.load.family import Family, family, spent
from benchmarks.load.generator import Counted, counted, generated, generating
from benchmarks.load.stage import Stage, environment, staged
from tests.postgres import free_port

ROUTE_SECONDS, ROUTE_USERS = 4.0, 4
STEPS, STEP_SECONDS = (20, 40, 80, 160, 320, 640), 8.0
TOO_SLOW_MS, TOO_FEW = 1000.0, 0.85
STORM, STORM_SECONDS = 24, 300.0
LISTENERS = 6
BARE = Path(__file__).parents[1] / "bare.py"


def measured_routes(stage: Stage) -> None:
    """Processor milliseconds a request: of the API, of Postgres, and as a ratio to the floor."""
    print(f"\nroutes: {ROUTE_USERS} connections, {ROUTE_SECONDS:g} s each; CPU ms a request")
    floor = _floor(stage)
    print(f"{'bare FastAPI, 304 bytes':34} api {floor:6.2f}")
    for asked in routes(stage):
        told, took = _route(stage, asked)
        api, postgres = (1000 * took[part] / told.requests for part in ("api", "postgres"))
        print(
            f"{asked.name:34} api {api:6.2f}  postgres {postgres:6.2f}  {api / floor:5.1f} x bare"
            f"  median {told.median:4.0f} ms  {told.requests} requests, {told.failures} failed"
        )


def _route(stage: Stage, asked: Asked) -> tuple[Counted, dict[str, float]]:
    watched, env = family(stage), environment(stage, LOAD_ROUTE=json.dumps(asked.told()))
    before = watched.seconds()
    told = generated(["single.py"], stage.product.url, ROUTE_USERS, ROUTE_SECONDS, env)
    return told["Aggregated"], spent(before, watched.seconds())


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
            before = Family({"bare": server.pid}).seconds()["bare"]
            told = generated(["single.py"], url, ROUTE_USERS, ROUTE_SECONDS, env)["Aggregated"]
            after = Family({"bare": server.pid}).seconds()["bare"]
        finally:
            server.terminate()
            server.wait()
    return 1000 * (after - before) / told.requests


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
        before, begun = watched.seconds(), monotonic()
        files, env = ["listener.py", "poller.py"], environment(stage, LOAD_RATE="1")
        told = generated(files, stage.product.url, users, STEP_SECONDS, env)["Aggregated"]
        took, passed = spent(before, watched.seconds()), monotonic() - begun
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
    ended = _ended(stage)
    depths: list[float] = []
    print(f"\nstorm: {STORM} orders of {LISTENERS} listeners at once")
    env = environment(stage, LOAD_BREW_EVERY="1")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "storm")
        with generating(["storm.py"], stage.product.url, STORM, 20, env, out) as process:
            while process.poll() is None:
                depths.append(stage.figure("audiobrew_queue_depth"))
                memory = {k: max(v, memory[k]) for k, v in watched.megabytes().items()}
                sleep(1)
        told = counted(out)["Aggregated"]
    while _open(stage) and monotonic() - begun < STORM_SECONDS:
        depths.append(stage.figure("audiobrew_queue_depth"))
        sleep(1)
    made, took = _ended(stage) - ended, spent(before, watched.seconds())
    seconds = "  ".join(f"{part} {value / max(made, 1):.2f}" for part, value in took.items())
    peak = "  ".join(f"{part} {value:.0f}" for part, value in memory.items())
    known = [depth for depth in depths if depth == depth]
    print(f"{made:.0f} episodes in {monotonic() - begun:.0f} s; at most {max(known):.0f} waiting")
    print(f"{told.requests} requests, {told.failures} failed, p99 {told.slowest:.0f} ms")
    print(f"CPU seconds an episode: {seconds}\nMB at most: {peak}")


def _open(stage: Stage) -> bool:
    running = stage.figure("audiobrew_brews_running"), stage.figure("audiobrew_queue_depth")
    return any(value != 0 for value in running)


def _ended(stage: Stage) -> float:
    name = 'audiobrew_episodes_ended_total{outcome="ready"}'
    return stage.figure(name) + stage.figure(name, worker=True)


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
