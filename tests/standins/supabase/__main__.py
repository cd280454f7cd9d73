"""The stand-in in a process of its own: `python -m tests.standins.supabase --port N`."""

import argparse
import json

import uvicorn

from tests.standins.supabase import Supabase

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--port", type=int, required=True)

if __name__ == "__main__":
    arguments, project = parser.parse_args(), Supabase()
    keys = {"publishable": project.publishable_key, "secret": project.secret_key}
    print(json.dumps(keys), flush=True)
    uvicorn.run(project.app, port=arguments.port, log_config=None, access_log=False)
