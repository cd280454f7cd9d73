"""A bare FastAPI application on uvicorn: the floor that AudioBrew is compared with.

`python benchmarks/bare.py PORT [FILE]` answers `GET /` with the bytes of FILE, as JSON.
"""

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response

app = FastAPI()
body = Path(sys.argv[2]).read_bytes() if len(sys.argv) > 2 else b"{}"


@app.get("/")
async def answer() -> Response:
    return Response(body, media_type="application/json")


if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        log_config=None,
        access_log=False,
        server_header=False,
    )
