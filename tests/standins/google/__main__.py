"""Runs the stand-in in its own process: `python -m tests.standins.google --port N --redirect URL`."""

import argparse
from pathlib import Path

import uvicorn

from tests.standins.google import Google

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--redirect", action="append", required=True)
parser.add_argument("--account", default="ada@mail.example")
parser.add_argument("--mails", type=Path, help="a folder of .eml files, labelled AudioBrew")

if __name__ == "__main__":
    options = parser.parse_args()
    google = Google("id", "secret", options.redirect)
    raw = (
        [file.read_bytes() for file in sorted(options.mails.glob("*.eml"))] if options.mails else []
    )
    google.add_account(options.account, {"AudioBrew": raw})
    uvicorn.run(google.app, port=options.port, log_config=None, access_log=False)
