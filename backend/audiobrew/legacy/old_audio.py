"""The public bucket of the application that AudioBrew replaces, with a folder for each listener."""

import re
from hashlib import md5, sha256
from pathlib import Path
from uuid import UUID

import anyio

from audiobrew.media.supabase import (
    PIECE,
    MediaUnavailable,
    SupabaseProject,
    raise_for_storage_error,
    with_retries,
)

MOST_AT_ONCE = 1000
"""Objects that one call lists or removes."""
MD5 = re.compile(r'"?([0-9a-f]{32})"?')
"""An etag that is one: of a file that was sent in one piece."""


class OldAudio:
    def __init__(self, project: SupabaseProject, bucket: str = "podcasts") -> None:
        self._project, self._name = project, bucket
        self._bucket = project.bucket(bucket)

    async def fetch(self, key: str, into: Path) -> str:
        """Write one file, in pieces, and return its sha256. Raises FileNotFoundError, MediaUnavailable."""
        return await with_retries(lambda: self._fetched(key, into))

    async def _fetched(self, key: str, into: Path) -> str:
        request = self._project.request("GET", f"object/authenticated/{self._name}/{key}")
        answer = await self._project.http.send(request, stream=True)
        found, known = sha256(), md5(usedforsecurity=False)
        try:
            await raise_for_storage_error(answer)
            async with await anyio.open_file(into, "wb") as file:
                async for piece in answer.aiter_raw(PIECE):
                    found.update(piece)
                    known.update(piece)
                    await file.write(piece)
        finally:
            await answer.aclose()
        told = MD5.fullmatch(answer.headers.get("etag", ""))
        if told and told[1] != known.hexdigest():
            raise MediaUnavailable  # it arrived as something else, so it is asked for again
        return found.hexdigest()

    async def public(self) -> bool | None:
        """Whether everybody can hear what is in it; None when there is no such bucket."""
        try:
            storage = self._project.library.storage
            return bool((await with_retries(lambda: storage.get_bucket(self._name))).public)
        except FileNotFoundError:
            return None

    async def make_public(self, *, public: bool) -> None:
        """Or private: then no old address opens anything any more."""
        storage = self._project.library.storage
        await with_retries(lambda: storage.update_bucket(self._name, {"public": public}))

    async def remove(self, key: str) -> None:
        """One file; nothing there is no error."""
        await with_retries(lambda: self._bucket.remove([key]))

    async def delete(self, listener: UUID) -> None:
        """Everything in this listener's folder; nothing there is no error."""
        try:
            await self._empty(f"podcasts/{listener}")
        except FileNotFoundError:  # no such bucket
            return

    async def _empty(self, folder: str) -> None:
        while found := await with_retries(
            lambda: self._bucket.list(folder, {"limit": MOST_AT_ONCE, "offset": 0})
        ):
            files = [f"{folder}/{one['name']}" for one in found if one["id"]]
            for one in found:
                if not one["id"]:  # a folder is a name without an id
                    await self._empty(f"{folder}/{one['name']}")
            if files:
                await with_retries(lambda: self._bucket.remove(files))  # noqa: B023 -- called here
