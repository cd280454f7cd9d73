"""The export of episodes to the old application, and its undo."""

import httpx2
import pytest

from tests.legacy.old_project import OldProject


@pytest.fixture
def ready(old: OldProject) -> OldProject:
    old.grant_export()
    return old


def test_the_old_application_plays_an_exported_episode(ready: OldProject) -> None:
    ada = ready.listener()
    before, here = ready.podcast(ada), ready.adopt() and ready.add_own_episode(ada)

    output = ready.adopt("--back", "--yes")

    listed = {row["id"]: row for row in ready.application().rows.podcasts(ada)}
    assert set(listed) == {before, here}
    assert listed[here]["title"] == "Made here"
    assert listed[here]["script_markdown"] == ""
    assert listed[here]["duration"] == 12
    assert httpx2.get(listed[here]["audio_url"]).content == b"abc"
    assert "checks nobody's identity" in output
    assert "Copied: 1" in output


def test_a_second_export_copies_only_new_and_renamed_episodes(ready: OldProject) -> None:
    ada = ready.listener()
    here = ready.add_own_episode(ada)
    ready.adopt("--back", "--yes")
    assert "Copied: 0" in ready.adopt("--back", "--yes")
    ready.ask("update audiobrew.episodes set title = 'Renamed' where id = %s returning 1", here)
    ready.add_own_episode(ada)

    assert "Copied: 2" in ready.adopt("--back", "--yes")
    assert "Copied: 2" in ready.adopt("--back", "--yes", "--days", "30")
    titles = {row["title"] for row in ready.application().rows.podcasts(ada)}
    assert titles == {"Renamed", "Made here"}


def test_exported_episodes_are_not_imported_and_can_be_removed(ready: OldProject) -> None:
    ada = ready.listener()
    before = ready.podcast(ada)
    ready.add_own_episode(ada)
    ready.adopt()
    ready.adopt("--back", "--yes")
    output = ready.adopt()

    assert "Counts are equal" in output
    assert ready.ask("select count(*) from audiobrew.episodes") == [(2,)]
    assert "Deleted from the old application: 1." in ready.adopt("--undo-back")
    assert [row["id"] for row in ready.application().rows.podcasts(ada)] == [before]
    assert "Deleted from the old application: 0." in ready.adopt("--undo-back")


def test_an_export_needs_a_confirmation_and_the_permission(old: OldProject) -> None:
    old.add_own_episode(old.listener())
    assert "deploy/adopt-back.sql" in old.adopt("--back", "--yes", code=2)
    old.grant_export()

    assert "--yes" in old.adopt("--back", code=2)
    assert old.ask("select count(*) from public.podcasts") == [(0,)]


def test_an_episode_without_audio_or_account_is_skipped(ready: OldProject) -> None:
    ada, bob = ready.listener(), ready.listener("bob")
    without_audio, fine, orphan = (ready.add_own_episode(who) for who in (ada, ada, bob))
    del ready.supabase.buckets["episodes"].objects[f"episodes/{without_audio}.mp3"]
    ready.ask("delete from auth.users where id = %s returning 1", bob)

    output = ready.adopt("--back", "--yes", code=1)

    assert "Copied: 1. Not copied: 2." in output
    assert [row["id"] for row in ready.application().rows.podcasts(ada)] == [fine]
    assert orphan
