"""Audio in a private bucket of a Supabase project."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import anyio
import httpx
from anyio import to_thread
from storage3.exceptions import StorageApiError
from supabase import AsyncClient, AsyncClientOptions

from audiobrew.media.storage import (
    FOLDERS,
    DiskFull,
    ListedObject,
    StoredObject,
    is_valid_key,
    validate_key,
)
from audiobrew.problems import Problem

if TYPE_CHECKING:
    from storage3._async.file_api import AsyncBucketProxy
    from storage3.types import ListBucketFilesOptions

PIECE = 2**18
LISTED_AT_ONCE = 1000
TIMEOUT = httpx.Timeout(30.0, connect=5.0)
WAITS_SECONDS = (0.3, 1.0)
"""A call that failed on its way is tried again after these; every call here may be made twice."""
FULL = {402, 413, 507}
PASSING = {429, 500, 502, 503, 504}
KINDS = {".mp3": "audio/mpeg", ".vtt": "text/vtt", ".json": "application/json"}

T = TypeVar("T")


class MediaUnavailable(Problem):
    """Supabase, where the audio is kept, does not answer now. Nothing is lost; try again in a minute."""

    type = "media-away"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "60"})


class SupabaseRefused(Problem):
    """Supabase refuses AudioBrew's key. Whoever runs AudioBrew must set SUPABASE_SECRET_KEY anew."""

    type = "supabase-refused"
    status = HTTPStatus.BAD_GATEWAY


class BucketFull(DiskFull):
    """Supabase has no room for this audio. Raise its limits, then retry: what was finished is kept."""

    type = "bucket-full"


class BucketIsPublic(Problem):
    """The bucket for audio is public at Supabase. Make it private, or name another in AUDIOBREW_BUCKET."""

    type = "bucket-is-public"


class SupabaseProject:
    """One client a process, with limits of its own; both old service_role and new sb_secret_ keys do.

    Nobody is ever signed in on it: that would take the key's rights away from it.
    """

    def __init__(self, url: str, key: str) -> None:
        self._headers = {"apikey": key, "Authorization": f"Bearer {key}"}
        self.http = httpx.AsyncClient(timeout=TIMEOUT)
        options = AsyncClientOptions(
            httpx_client=self.http, auto_refresh_token=False, persist_session=False
        )
        self.library = AsyncClient(url, key, options)

    def request(self, method: str, path: str, **more: Any) -> httpx.Request:
        """A call to storage that the library would hold in memory as a whole."""
        headers = self._headers | more.pop("headers", {})
        return self.http.build_request(
            method, f"{self.library.storage_url}{path}", headers=headers, **more
        )

    def bucket(self, name: str) -> "AsyncBucketProxy":
        return self.library.storage.from_(name)

    async def aclose(self) -> None:
        await self.http.aclose()


class SupabaseMedia:
    """Keeps the promises of `Media`: an object is there whole or not at all."""

    def __init__(self, project: SupabaseProject, bucket: str) -> None:
        self._project = project
        self._name = bucket
        self._bucket = project.bucket(bucket)
        self._ready = False

    @property
    def name(self) -> str:
        """See `Media.name`."""
        return f"the bucket {self._name} at Supabase"

    async def check(self) -> None:
        """See `Media.check`; makes the bucket if there is none.

        Raises BucketIsPublic, MediaUnavailable, SupabaseRefused.
        """
        storage = self._project.library.storage
        try:
            found = await with_retries(lambda: storage.get_bucket(self._name))
        except FileNotFoundError:
            await self._make()
            found = await with_retries(lambda: storage.get_bucket(self._name))
        if found.public:
            raise BucketIsPublic
        self._ready = True

    async def put(self, key: str, file: Path) -> None:
        """See `Media.put`. Also raises MediaUnavailable and SupabaseRefused; the file then stays in place."""
        size = (await to_thread.run_sync(file.stat)).st_size
        with await to_thread.run_sync(file.open, "rb") as opened:
            await self._put(key, size, lambda: _pieces(opened))
        await to_thread.run_sync(file.unlink)

    async def put_bytes(self, key: str, content: bytes) -> None:
        """See `Media.put_bytes`."""
        await self._put(key, len(content), lambda: content)

    async def get(self, key: str) -> bytes:
        """See `Media.get`."""
        key = validate_key(key)

        async def whole() -> bytes:
            async with self._answered(key) as answer:
                return await answer.aread()

        return await with_retries(whole)

    async def stat(self, key: str) -> StoredObject | None:
        """See `Media.stat`."""
        key = validate_key(key)
        try:
            found = await with_retries(lambda: self._bucket.info(key))
        except FileNotFoundError:
            return None
        with translate_storage_errors():
            return StoredObject(
                bytes=int(found["size"]),
                etag=f'"{str(found["etag"]).strip(chr(34))}"',
                modified=datetime.fromisoformat(str(found["last_modified"])),
            )

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `Media.read`."""
        async with self._answered(
            validate_key(key), {"Range": f"bytes={start}-{max(start, end - 1)}"}
        ) as answer:
            if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or start >= end:
                return
            with translate_storage_errors():
                async for piece in answer.aiter_bytes(PIECE):
                    yield piece

    async def delete(self, key: str) -> None:
        """See `Media.delete`."""
        key = validate_key(key)
        await with_retries(lambda: self._bucket.remove([key]))

    async def list(self) -> AsyncIterator[ListedObject]:
        """See `Media.list`."""
        for folder in FOLDERS:
            async for listed in self._in(folder):
                yield listed

    async def _in(self, folder: str) -> AsyncIterator[ListedObject]:
        """Page by page; a folder is an entry without an id."""
        offset = 0
        while found := await self._page(folder, offset):
            offset += len(found)
            for one in found:
                key = f"{folder}/{one['name']}"
                if not one["id"]:
                    async for listed in self._in(key):
                        yield listed
                elif is_valid_key(key):
                    yield ListedObject(key, datetime.fromisoformat(str(one["updated_at"])))

    async def _page(self, folder: str, offset: int) -> Sequence[dict[str, Any]]:
        options: ListBucketFilesOptions = {"limit": LISTED_AT_ONCE, "offset": offset}
        try:
            return await with_retries(lambda: self._bucket.list(folder, options))
        except FileNotFoundError:  # no such bucket yet
            return ()

    async def discard_partial(self, older_than: timedelta) -> int:
        """See `Media.discard_partial`: an upload that was cut off leaves nothing there."""
        return 0

    async def signed_url(self, key: str, seconds: int) -> str | None:
        """See `Media.signed_url`."""
        key = validate_key(key)
        made = await with_retries(lambda: self._bucket.create_signed_url(key, seconds))
        return str(made["signedURL"])

    async def _make(self) -> None:
        storage = self._project.library.storage
        try:
            await with_retries(lambda: storage.create_bucket(self._name, options={"public": False}))
        except FileExistsError:  # another process was faster
            return

    async def _put(self, key: str, size: int, content: Callable[[], Any]) -> None:
        path = f"object/{self._name}/{validate_key(key)}"
        if not self._ready:
            await self.check()
        headers = {
            "Content-Length": str(size),
            "Content-Type": KINDS.get(Path(key).suffix, "application/octet-stream"),
            "x-upsert": "true",
        }

        async def sent() -> None:
            request = self._project.request("POST", path, headers=headers, content=content())
            await raise_for_storage_error(await self._project.http.send(request))

        await with_retries(sent)

    @asynccontextmanager
    async def _answered(
        self, key: str, headers: dict[str, str] | None = None
    ) -> AsyncIterator[httpx.Response]:
        path = f"object/authenticated/{self._name}/{key}"
        request = self._project.request("GET", path, headers=headers or {})
        with translate_storage_errors():
            answer = await self._project.http.send(request, stream=True)
        try:
            with translate_storage_errors():
                await raise_for_storage_error(answer)
            yield answer
        finally:
            await answer.aclose()


async def _pieces(opened: BinaryIO) -> AsyncIterator[bytes]:
    await to_thread.run_sync(opened.seek, 0)
    while piece := await to_thread.run_sync(opened.read, PIECE):
        yield piece


async def with_retries(call: Callable[[], Awaitable[T]]) -> T:
    """A call that may be made twice. Raises what `translate_storage_errors` does."""
    for wait in WAITS_SECONDS:
        try:
            with translate_storage_errors():
                return await call()
        except MediaUnavailable:
            await anyio.sleep(wait)
    with translate_storage_errors():
        return await call()


async def raise_for_storage_error(answer: httpx.Response) -> None:
    """Storage answers nearly every trouble with 400, and tells the kind of it in the body."""
    told = answer.status_code
    if answer.is_success or told == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return
    await answer.aread()
    try:
        body = answer.json()
        raise StorageApiError("", str(body["error"]), body["statusCode"])
    except (ValueError, KeyError, TypeError):
        raise StorageApiError("", "", told) from None


@contextmanager
def translate_storage_errors() -> Iterator[None]:
    """Raises MediaUnavailable, SupabaseRefused, BucketFull, FileNotFoundError, FileExistsError."""
    try:
        yield
    except StorageApiError as error:
        raise _kind(str(error.status)) from error
    except (httpx.HTTPError, ValueError, KeyError) as error:  # or an answer that is not Storage's
        raise MediaUnavailable from error


def _kind(told: str) -> Exception:
    status = int(told) if told.isdigit() else HTTPStatus.BAD_REQUEST
    if status == HTTPStatus.NOT_FOUND:
        return FileNotFoundError()
    if status == HTTPStatus.CONFLICT:
        return FileExistsError()
    if status in FULL:
        return BucketFull()
    return MediaUnavailable() if status in PASSING else SupabaseRefused()
