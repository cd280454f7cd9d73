"""The API as a function on Vercel, where requests come on event loops of their own and nobody says
that the process begins.

Vercel's older runtimes run each request by `asyncio.run` in a thread and never send a lifespan event;
newer ones do neither. Database, engine and clients live on one loop, so that loop is ours, in a thread
beside the runtime's, and everything is opened on it by the first request.
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
    """Serves an app on one event loop, whichever loop asks; opens it once, however many ask at once."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()
        self._living: asyncio.Task[None] | None = None
        self._opened: asyncio.Future[None] | None = None
        self._ending = asyncio.Event()
        Thread(target=self._loop.run_forever, daemon=True, name="audiobrew").start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._told_of_life(receive, send)
            return
        caller = asyncio.get_running_loop()
        await _on(self._loop, self._serve(scope, _from(receive, caller), _to(send, caller)))

    async def _told_of_life(self, receive: Receive, send: Send) -> None:
        """A runtime that knows of it may close us; opening waits for the first request all the same,
        which can tell what is wrong while a start that fails cannot."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await _on(self._loop, self._close())
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = self._app
        try:
            await self._open()
        except Problem as problem:
            app = problem_response(problem)
        await app(scope, receive, send)

    async def _open(self) -> None:
        """Whoever comes meanwhile waits for the same opening; after a failure the next request tries."""
        if self._opened is None:
            self._opened = self._loop.create_future()
            self._living = asyncio.create_task(self._live(self._opened))
        await asyncio.shield(self._opened)

    async def _live(self, opened: asyncio.Future[None]) -> None:
        try:
            async with self._app.router.lifespan_context(self._app):
                opened.set_result(None)
                await self._ending.wait()
        except Exception as error:
            if opened.done():
                raise
            opened.set_exception(error)
            self._opened = None

    async def _close(self) -> None:
        self._ending.set()
        if self._living:
            await self._living


async def _on(loop: asyncio.AbstractEventLoop, what: Coroutine[Any, Any, T]) -> T:
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(what, loop))


def _from(receive: Receive, caller: asyncio.AbstractEventLoop) -> Receive:
    async def received() -> Message:
        return await _on(caller, _awaited(receive()))

    return received


def _to(send: Send, caller: asyncio.AbstractEventLoop) -> Send:
    async def sent(message: Message) -> None:
        await _on(caller, _awaited(send(message)))

    return sent


async def _awaited(what: Awaitable[T]) -> T:
    return await what
