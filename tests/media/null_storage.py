"""Storage that accepts and returns any number of bytes and stores none: `python -m tests.media.null_storage`.

A process of its own, so that what a test measures of its memory is the product's.
"""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = 2**16


class NullStorage(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if "/bucket/" in self.path:
            now = "2026-11-23T07:30:00.000Z"
            bucket = {"id": "episodes", "name": "episodes", "owner": "", "public": False}
            more = {"file_size_limit": None, "allowed_mime_types": None}
            self.respond(
                json.dumps(bucket | more | {"created_at": now, "updated_at": now}).encode()
            )
            return
        first, last = self.headers["Range"].removeprefix("bytes=").split("-")
        size = int(last) - int(first) + 1
        self.send_response(206)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        while size:
            size -= self.wfile.write(bytes(min(PIECE, size)))

    def do_POST(self) -> None:
        remaining = int(self.headers["Content-Length"])
        while remaining:
            remaining -= len(self.rfile.read(min(PIECE, remaining)))
        self.respond(b'{"Key": "taken"}')

    def respond(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        return


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), NullStorage) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()
