"""The old front end, whose service worker always answers from its cache.

`POST /deploy` replaces it by the new application on the same origin, as a deployment at Vercel does.
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
    """`worker` is the path of the service worker that the old pages register, `new` the application that
    replaces them."""

    def __init__(self, worker: str, new: ASGIApp) -> None:
        self.is_deployed = False
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
        self.is_deployed = True
        return Response(status_code=204)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        new = self.is_deployed or scope["type"] == "lifespan"
        await (self._new if new else self._old)(scope, receive, send)
