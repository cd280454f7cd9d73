"""A stand-in for a Supabase project that stores audio."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from audiobrew.media.supabase import SupabaseMedia, SupabaseProject

from tests.standins.supabase import Supabase, serving

BUCKET = "episodes"


@dataclass(frozen=True)
class Storage:
    """The running stand-in."""

    supabase: Supabase
    url: str

    @asynccontextmanager
    async def media(self, key: str = "", bucket: str = BUCKET) -> AsyncIterator[SupabaseMedia]:
        project = SupabaseProject(self.url, key or self.supabase.secret_key)
        try:
            yield SupabaseMedia(project, bucket)
        finally:
            await project.aclose()

    def objects(self, bucket: str = BUCKET) -> dict[str, bytes]:
        """The files in the bucket."""
        stored = self.supabase.buckets.get(bucket)
        return {key: file.data for key, file in stored.objects.items()} if stored else {}


@contextmanager
def run_storage() -> Iterator[Storage]:
    supabase = Supabase()
    with serving(supabase.app) as url:
        yield Storage(supabase, url)
