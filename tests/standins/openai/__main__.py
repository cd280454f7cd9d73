"""Runs the stand-in in its own process: `python -m tests.standins.openai --port N --log FILE [--slow]`."""

import argparse
from pathlib import Path

import uvicorn

from tests.standins.openai import OpenAI
from tests.standins.openai.fake_model import FakeModel

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--log", type=Path, required=True, help="a line of JSON for every call")
parser.add_argument("--key", default="sk-stand-in")
parser.add_argument("--slow", action="store_true", help="take as long as real models do")


if __name__ == "__main__":
    options = parser.parse_args()
    stand_in = OpenAI(FakeModel(), key=options.key, log=options.log, latency=options.slow)
    uvicorn.run(stand_in.app, port=options.port, log_config=None, access_log=False)
