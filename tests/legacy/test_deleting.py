"""Deletions here also delete the data in the old application."""

from typing import Any
from uuid import UUID

import pytest
from anyio import to_thread
from audiobrew.legacy.connection import open_legacy_services
from audiobrew.legacy.episodes import ImportedAudio, PodcastImporter
from audiobrew.legacy.export_store import ExportStore
from audiobrew.legacy.import_store import ImportStore
from audiobrew.legacy.old_audio import OldAudio
from audiobrew.legacy.purge import Purge
from audiobrew.media.supabase import SupabaseProject
from audiobrew.wiring import connect

from tests.legacy.old_project import OldProject
from tests.serving import serving

TRACES = "select table_schema || '.' || table_name from information_schema.tables where"
TRACES += (
    " table_type = 'BASE TABLE' and table_schema in ('public', 'audiobrew', 'audiobrew_engine')"
)


async def adopt(old: OldProject, *words: str) -> str:
    """Run the import on an event loop of its own, as the command does."""
    return await to_thread.run_sync(old.adopt, *words)


def traces(old: OldProject, listener: str) -> list[str]:
    """The tables and files that contain this listener's id."""
    tables = [
        name
        for (name,) in old.ask(TRACES)
        if old.ask(f"select 1 from {name} t where t::text like '%%' || %s || '%%'", listener)
    ]
    return tables + [
        f"{bucket.id}/{key}"
        for bucket in old.supabase.buckets.values()
        for key, file in bucket.objects.items()
        if listener in key or listener.encode() in file.data
    ]


async def test_deleting_an_imported_account_leaves_nothing(old: OldProject) -> None:
    ada, bob = old.listener(), old.listener("bob")
    for listener in (ada, bob):
        old.podcast(listener)
        old.mailbox(listener)
        old.add_own_episode(listener)
    old.grant_export()
    await adopt(old)
    await adopt(old, "--back", "--yes")
    others = sorted(name.split("/")[0] for name in traces(old, bob))
    assert len(traces(old, ada)) >= 9

    async with connect(old.settings, brews=False) as ports:
        await ports.account_deletion.begin(UUID(ada))
        await ports.account_deletion.resume_all()

    assert traces(old, ada) == []
    assert sorted(name.split("/")[0] for name in traces(old, bob)) == others
    assert "Counts are equal" in await adopt(old)
    assert traces(old, ada) == []


async def test_deleting_an_imported_episode_deletes_the_old_one(old: OldProject) -> None:
    ada = old.listener()
    deleted, other, here = old.podcast(ada), old.podcast(ada), old.add_own_episode(ada)
    old.grant_export()
    await adopt(old)
    await adopt(old, "--back", "--yes")
    async with connect(old.settings) as ports:
        await ports.orders.delete(UUID(ada), UUID(deleted))
        await ports.orders.delete(UUID(ada), UUID(here))
        project = SupabaseProject(old.url, old.supabase.secret_key)
        database = ports.database
        forgetting = Purge(ImportStore(database), ExportStore(database), OldAudio(project))
        for _ in range(2):
            await forgetting.run()
        await project.aclose()

    assert [str(id) for (id,) in old.ask("select id from public.podcasts")] == [other]
    assert len(old.supabase.buckets["podcasts"].objects) == 1
    assert set(old.supabase.buckets["episodes"].objects) == {f"episodes/{other}.mp3"}
    assert "Counts are equal" in await adopt(old)


async def test_an_imported_episode_cannot_be_retried(old: OldProject) -> None:
    ada = old.listener()
    failed = old.podcast(ada, audio_url=None)
    await adopt(old)
    token = old.supabase.access_token(old.supabase.users[ada])
    with serving(old.settings) as service, service.client(token) as client:
        listed = client.get("/api/podcast/list").json()
        refused = client.post(f"/api/podcast/{failed}/retry")
        one = client.get(f"/api/podcast/{failed}").json()
        script = client.get(f"/api/podcast/{failed}/script").json()

    assert [row["id"] for row in listed] == [failed]
    assert refused.status_code == 409
    assert (one["status"], one["retriable"]) == ("failed", False)
    assert "Beans are back in the shop on Tuesday." in one["script_markdown"]
    assert {line["kind"] for part in script["segments"] for line in part["sentences"]} == {"before"}
    assert script["sources"] == []


async def test_an_episode_deleted_during_its_import_stays_deleted(
    old: OldProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = old.listener()
    id = old.podcast(ada)
    await adopt(old)
    old.ask("update public.podcasts set title = 'Another name' returning 1")
    fetch = PodcastImporter._copy_audio

    async def deleted_meanwhile(self: PodcastImporter, *of: Any) -> ImportedAudio:
        audio = await fetch(self, *of)
        async with connect(old.settings, brews=False) as ports:
            await ports.orders.delete(UUID(ada), UUID(id))
        await self.media.put_bytes(f"episodes/{id}.mp3", b"an upload that arrives too late")
        return audio

    monkeypatch.setattr(PodcastImporter, "_copy_audio", deleted_meanwhile)
    async with open_legacy_services(old.settings) as services:
        [again] = await services.old_tables.podcasts(None, 10)
        outcome = await services.importer.podcasts.import_podcast(again)

    assert outcome is None
    assert old.ask("select count(*) from audiobrew.episodes") == [(0,)]
    assert old.supabase.buckets["episodes"].objects == {}
