"""The old front end as a browser keeps it: a shell that its service worker answers from a cache, always.

One origin, on which `POST /deploy` puts the new application in its place, as it happens at Vercel.
"""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

PAGE = """<!doctype html><title>AudioBrew</title><h1>The old shell</h1>
<script>navigator.serviceWorker.register('{worker}')</script>"""
WORKER = """
const KEPT = 'audiobrew-v1';
self.addEventListener('install', (event) =>
    event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(['/', '/dashboard']))));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) =>
    event.respondWith(caches.match(event.request).then((found) => found || fetch(event.request))));
"""


class OldShell:
    """`worker` is the path that the old pages registered; `new` is what is deployed in their place."""

    def __init__(self, worker: str, new: ASGIApp) -> None:
        self.deployed = False
        self._new = new
        self._old = Starlette(
            routes=[
                Route("/", lambda _: HTMLResponse(PAGE.format(worker=worker))),
                Route("/dashboard", lambda _: HTMLResponse(PAGE.format(worker=worker))),
                Route(worker, lambda _: Response(WORKER, media_type="text/javascript")),
                Route("/deploy", self._deploy, methods=["POST"]),
            ]
        )

    async def _deploy(self, _: Request) -> Response:
        self.deployed = True
        return Response(status_code=204)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        new = self.deployed or scope["type"] == "lifespan"
        await (self._new if new else self._old)(scope, receive, send)
