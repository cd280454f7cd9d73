"""The old application's public bucket, which has a folder for each listener."""

import re
from hashlib import md5, sha256
from pathlib import Path
from uuid import UUID

import anyio

from audiobrew.media.supabase import (
    CHUNK_BYTES,
    MediaUnavailable,
    SupabaseProject,
    call_storage,
    raise_for_storage_error,
)

PAGE_SIZE = 1000  # objects that one call lists or removes
# An etag that is the MD5 of the file; only for files that were uploaded in one part.
MD5_ETAG = re.compile(r'"?([0-9a-f]{32})"?')


class OldAudio:
    def __init__(self, project: SupabaseProject, bucket: str = "podcasts") -> None:
        self._project, self._name = project, bucket
        self._bucket = project.bucket(bucket)

    async def fetch(self, key: str, into: Path) -> str:
        """Download a file in pieces, and return its SHA-256. Raises FileNotFoundError, MediaUnavailable."""

        async def download() -> str:
            request = self._project.request("GET", f"object/authenticated/{self._name}/{key}")
            response = await self._project.http.send(request, stream=True)
            sha, md = sha256(), md5(usedforsecurity=False)
            try:
                await raise_for_storage_error(response)
                async with await anyio.open_file(into, "wb") as file:
                    async for chunk in response.aiter_raw(CHUNK_BYTES):
                        sha.update(chunk)
                        md.update(chunk)
                        await file.write(chunk)
            finally:
                await response.aclose()
            etag = MD5_ETAG.fullmatch(response.headers.get("etag", ""))
            if etag and etag[1] != md.hexdigest():
                raise MediaUnavailable  # the file was damaged on its way, so it is downloaded again
            return sha.hexdigest()

        return await call_storage(download)

    async def is_public(self) -> bool | None:
        """Whether everybody can read the bucket; None if there is no such bucket."""
        try:
            storage = self._project.library.storage
            return bool((await call_storage(lambda: storage.get_bucket(self._name))).public)
        except FileNotFoundError:
            return None

    async def set_public(self, *, public: bool) -> None:
        """Make the bucket public, or private: then its public addresses stop working."""
        storage = self._project.library.storage
        await call_storage(lambda: storage.update_bucket(self._name, {"public": public}))

    async def remove(self, key: str) -> None:
        """Delete one file. A missing file is not an error."""
        await call_storage(lambda: self._bucket.remove([key]))

    async def delete(self, listener: UUID) -> None:
        """Delete everything in this listener's folder. A missing folder is not an error."""
        try:
            await self._delete_folder(f"podcasts/{listener}")
        except FileNotFoundError:  # no such bucket
            return

    async def _delete_folder(self, folder: str) -> None:
        while entries := await call_storage(
            lambda: self._bucket.list(folder, {"limit": PAGE_SIZE, "offset": 0})
        ):
            files = [f"{folder}/{entry['name']}" for entry in entries if entry["id"]]
            for entry in entries:
                if not entry["id"]:  # a folder is an entry without an id
                    await self._delete_folder(f"{folder}/{entry['name']}")
            if files:
                await call_storage(lambda: self._bucket.remove(files))  # noqa: B023 -- called here
