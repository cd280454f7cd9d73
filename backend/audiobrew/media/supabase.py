"""Stores audio in a private bucket of a Supabase project."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

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
from audiobrew.ops.calls import retry
from audiobrew.problems import Problem

if TYPE_CHECKING:
    from storage3._async.file_api import AsyncBucketProxy
    from storage3.types import ListBucketFilesOptions

CHUNK_BYTES = 2**18
PAGE_SIZE = 1000  # entries of one listing
TIMEOUT = httpx.Timeout(30.0, connect=5.0)
# Waits before the retries of a failed call. Every call here can be repeated safely.
RETRY_WAITS_SECONDS = (0.3, 1.0)
FULL_STATUSES = {402, 413, 507}
TEMPORARY_STATUSES = {429, 500, 502, 503, 504}
CONTENT_TYPES = {".mp3": "audio/mpeg", ".vtt": "text/vtt", ".json": "application/json"}

T = TypeVar("T")


class MediaUnavailable(Problem):
    """The audio storage at Supabase does not respond. Nothing is lost; try again in a minute."""

    type = "media-away"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "60"})


class SupabaseRefused(Problem):
    """Supabase rejects this server's key. The operator must correct SUPABASE_SECRET_KEY."""

    type = "supabase-refused"
    status = HTTPStatus.BAD_GATEWAY


class BucketFull(DiskFull):
    """Supabase has no room for this audio. Raise its limits, then retry: finished parts are kept."""

    type = "bucket-full"


class BucketIsPublic(Problem):
    """The audio bucket at Supabase is public. Make it private, or set AUDIOBREW_BUCKET to another one."""

    type = "bucket-is-public"


class SupabaseProject:
    """The process's client for Supabase. Accepts the older `service_role` keys and the `sb_secret_` keys.

    No user may sign in on this client: it would lose the rights of the secret key.
    """

    def __init__(self, url: str, key: str) -> None:
        self._headers = {"apikey": key, "Authorization": f"Bearer {key}"}
        self.http = httpx.AsyncClient(timeout=TIMEOUT)
        options = AsyncClientOptions(
            httpx_client=self.http, auto_refresh_token=False, persist_session=False
        )
        self.library = AsyncClient(url, key, options)

    def request(self, method: str, path: str, **options: Any) -> httpx.Request:
        """A request to storage that can be streamed; the library would load the whole file into memory."""
        headers = self._headers | options.pop("headers", {})
        return self.http.build_request(
            method, f"{self.library.storage_url}{path}", headers=headers, **options
        )

    def bucket(self, name: str) -> "AsyncBucketProxy":
        return self.library.storage.from_(name)

    async def aclose(self) -> None:
        await self.http.aclose()


class SupabaseMedia:
    """Supabase stores an uploaded file completely or not at all, as `Media` requires."""

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
        """See `Media.check`. Creates the bucket if there is none.

        Raises BucketIsPublic, MediaUnavailable, SupabaseRefused.
        """
        storage = self._project.library.storage
        try:
            bucket = await call_storage(lambda: storage.get_bucket(self._name))
        except FileNotFoundError:
            with suppress(FileExistsError):  # another process was faster
                await call_storage(
                    lambda: storage.create_bucket(self._name, options={"public": False})
                )
            bucket = await call_storage(lambda: storage.get_bucket(self._name))
        if bucket.public:
            raise BucketIsPublic
        self._ready = True

    async def put(self, key: str, file: Path) -> None:
        """See `Media.put`. Also raises MediaUnavailable and SupabaseRefused; the file then stays in place."""
        size = (await to_thread.run_sync(file.stat)).st_size
        with await to_thread.run_sync(file.open, "rb") as stream:
            await self._upload(key, size, lambda: read_chunks(stream))
        await to_thread.run_sync(file.unlink)

    async def put_bytes(self, key: str, content: bytes) -> None:
        """See `Media.put_bytes`."""
        await self._upload(key, len(content), lambda: content)

    async def get(self, key: str) -> bytes:
        """See `Media.get`."""
        key = validate_key(key)

        async def download() -> bytes:
            async with self._open(key) as response:
                return await response.aread()

        return await call_storage(download)

    async def stat(self, key: str) -> StoredObject | None:
        """See `Media.stat`."""
        key = validate_key(key)
        try:
            info = await call_storage(lambda: self._bucket.info(key))
        except FileNotFoundError:
            return None
        with translate_storage_errors():
            return StoredObject(
                bytes=int(info["size"]),
                etag=f'"{str(info["etag"]).strip(chr(34))}"',
                modified=datetime.fromisoformat(str(info["last_modified"])),
            )

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `Media.read`."""
        headers = {"Range": f"bytes={start}-{max(start, end - 1)}"}
        async with self._open(validate_key(key), headers) as response:
            if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or start >= end:
                return
            with translate_storage_errors():
                async for chunk in response.aiter_bytes(CHUNK_BYTES):
                    yield chunk

    async def delete(self, key: str) -> None:
        """See `Media.delete`."""
        key = validate_key(key)
        await call_storage(lambda: self._bucket.remove([key]))

    async def list(self) -> AsyncIterator[ListedObject]:
        """See `Media.list`."""
        for folder in FOLDERS:
            async for listed in self._list_folder(folder):
                yield listed

    async def _list_folder(self, folder: str) -> AsyncIterator[ListedObject]:
        offset = 0
        while entries := await self._list_page(folder, offset):
            offset += len(entries)
            for entry in entries:
                key = f"{folder}/{entry['name']}"
                if not entry["id"]:  # a folder is an entry without an id
                    async for listed in self._list_folder(key):
                        yield listed
                elif is_valid_key(key):
                    yield ListedObject(key, datetime.fromisoformat(str(entry["updated_at"])))

    async def _list_page(self, folder: str, offset: int) -> Sequence[dict[str, Any]]:
        options: ListBucketFilesOptions = {"limit": PAGE_SIZE, "offset": offset}
        try:
            return await call_storage(lambda: self._bucket.list(folder, options))
        except FileNotFoundError:  # no such bucket yet
            return ()

    async def discard_partial(self, older_than: timedelta) -> int:
        """See `Media.discard_partial`. An interrupted upload leaves nothing at Supabase."""
        return 0

    async def signed_url(self, key: str, seconds: int) -> str | None:
        """See `Media.signed_url`."""
        key = validate_key(key)
        signed = await call_storage(lambda: self._bucket.create_signed_url(key, seconds))
        return str(signed["signedURL"])

    async def _upload(self, key: str, size: int, content: Callable[[], Any]) -> None:
        """`content` is called for each attempt, so that a stream starts again from its beginning."""
        path = f"object/{self._name}/{validate_key(key)}"
        if not self._ready:
            await self.check()
        headers = {
            "Content-Length": str(size),
            "Content-Type": CONTENT_TYPES.get(Path(key).suffix, "application/octet-stream"),
            "x-upsert": "true",
        }

        async def send() -> None:
            request = self._project.request("POST", path, headers=headers, content=content())
            await raise_for_storage_error(await self._project.http.send(request))

        await call_storage(send)

    @asynccontextmanager
    async def _open(
        self, key: str, headers: dict[str, str] | None = None
    ) -> AsyncIterator[httpx.Response]:
        """A streaming response. Raises what `translate_storage_errors` raises."""
        path = f"object/authenticated/{self._name}/{key}"
        request = self._project.request("GET", path, headers=headers or {})
        with translate_storage_errors():
            response = await self._project.http.send(request, stream=True)
        try:
            with translate_storage_errors():
                await raise_for_storage_error(response)
            yield response
        finally:
            await response.aclose()


async def read_chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    await to_thread.run_sync(file.seek, 0)
    while chunk := await to_thread.run_sync(file.read, CHUNK_BYTES):
        yield chunk


async def call_storage(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call that can be repeated safely, and retry it while Supabase is unavailable.

    Raises what `translate_storage_errors` raises.
    """

    async def try_once() -> T:
        with translate_storage_errors():
            return await call()

    return await retry(try_once, RETRY_WAITS_SECONDS, MediaUnavailable)


async def raise_for_storage_error(response: httpx.Response) -> None:
    """Supabase Storage answers most errors with status 400, and has the real status in the body.

    Raises StorageApiError.
    """
    status = response.status_code
    if response.is_success or status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return
    await response.aread()
    try:
        body = response.json()
        raise StorageApiError("", str(body["error"]), body["statusCode"])
    except (ValueError, KeyError, TypeError):
        raise StorageApiError("", "", status) from None


@contextmanager
def translate_storage_errors() -> Iterator[None]:
    """Raises MediaUnavailable, SupabaseRefused, BucketFull, FileNotFoundError, FileExistsError."""
    try:
        yield
    except StorageApiError as error:
        raise exception_for(str(error.status)) from error
    except (httpx.HTTPError, ValueError, KeyError) as error:  # or a response that is not Storage's
        raise MediaUnavailable from error


def exception_for(status_text: str) -> Exception:
    status = int(status_text) if status_text.isdigit() else HTTPStatus.BAD_REQUEST
    if status == HTTPStatus.NOT_FOUND:
        return FileNotFoundError()
    if status == HTTPStatus.CONFLICT:
        return FileExistsError()
    if status in FULL_STATUSES:
        return BucketFull()
    return MediaUnavailable() if status in TEMPORARY_STATUSES else SupabaseRefused()
