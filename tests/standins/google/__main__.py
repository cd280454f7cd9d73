"""The stand-in in a process of its own: `python -m tests.standins.google --port N --redirect URL`."""

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
    told = parser.parse_args()
    google = Google("id", "secret", told.redirect)
    raw = [file.read_bytes() for file in sorted(told.mails.glob("*.eml"))] if told.mails else []
    google.add_account(told.account, {"AudioBrew": raw})
    uvicorn.run(google.app, port=told.port, log_config=None, access_log=False)
