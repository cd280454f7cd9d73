"""Runs the stand-in in its own process, on a database that `install` has prepared."""

import argparse

import uvicorn

from tests.standins.old import Gmail, OldApplication

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--database", required=True, help="any role's address of the database")
parser.add_argument("--supabase", required=True, help="the project's address")
parser.add_argument("--key", required=True, help="the project's service key")
parser.add_argument("--google", default="http://127.0.0.1:9")
parser.add_argument("--client", nargs=2, default=("id", "secret"), metavar=("ID", "SECRET"))
parser.add_argument("--redirect", default="https://audiobrew.vercel.app/api/auth/gmail/callback")

if __name__ == "__main__":
    options = parser.parse_args()
    gmail = Gmail(options.google, *options.client, options.redirect)
    old = OldApplication(options.database, options.supabase, options.key, gmail)
    uvicorn.run(old.app, port=options.port, log_config=None, access_log=False)
