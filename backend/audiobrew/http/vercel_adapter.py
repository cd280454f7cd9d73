"""Adapter for Vercel's Python runtime, which does not keep one event loop for the whole process.

Older versions of the runtime handle each request with `asyncio.run` in a thread and never send lifespan
events; newer versions do neither. The database, the engine and the HTTP clients are bound to one event loop.
The adapter therefore runs a loop of its own in a thread, and the first request opens everything on that loop.
"""

import asyncio
from collections.abc import Awaitable, Coroutine
from threading import Thread
from typing import Any, TypeVar

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audiobrew.http.error_handlers import problem_response
from audiobrew.problems import Problem

T = TypeVar("T")


class VercelAdapter:
    """Serves an app on one event loop, whichever loop a request comes on, and opens it only once."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()
        self._lifespan: asyncio.Task[None] | None = None
        self._startup: asyncio.Future[None] | None = None
        self._closing = asyncio.Event()
        Thread(target=self._loop.run_forever, daemon=True, name="audiobrew").start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.handle_lifespan(receive, send)
            return
        caller = asyncio.get_running_loop()

        async def receive_on_caller() -> Message:
            return await run_on(caller, as_coroutine(receive()))

        async def send_on_caller(message: Message) -> None:
            await run_on(caller, as_coroutine(send(message)))

        await run_on(self._loop, self.serve(scope, receive_on_caller, send_on_caller))

    async def handle_lifespan(self, receive: Receive, send: Send) -> None:
        """Closes the app at shutdown. At startup, nothing is opened: unlike a failed startup, a request can
        respond with what is wrong."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await run_on(self._loop, self.close())
        await send({"type": "lifespan.shutdown.complete"})

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = self._app
        try:
            await self.open()
        except Problem as problem:
            app = problem_response(problem)
        await app(scope, receive, send)

    async def open(self) -> None:
        """Open the app. Concurrent requests wait for the same attempt; after a failure, the next request
        tries again."""
        if self._startup is None:
            self._startup = self._loop.create_future()
            self._lifespan = asyncio.create_task(self.run_lifespan(self._startup))
        await asyncio.shield(self._startup)

    async def run_lifespan(self, startup: asyncio.Future[None]) -> None:
        try:
            async with self._app.router.lifespan_context(self._app):
                startup.set_result(None)
                await self._closing.wait()
        except Exception as error:
            if startup.done():
                raise
            startup.set_exception(error)
            self._startup = None

    async def close(self) -> None:
        self._closing.set()
        if self._lifespan:
            await self._lifespan


async def run_on(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on another loop and wait for its result on this one."""
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, loop))


async def as_coroutine(awaitable: Awaitable[T]) -> T:
    return await awaitable
