"""The import of the old application's data, which can be repeated while that application runs."""

import httpx2
import pytest

from tests.legacy.old_project import SCRIPT, OldProject
from tests.standins.old.sound import tone


def episode(old: OldProject, id: str) -> dict[str, object]:
    [(row,)] = old.ask("select to_jsonb(e) from audiobrew.episodes e where id = %s", id)
    return row


def test_the_import_copies_everything_and_leaves_the_old_rows_unchanged(old: OldProject) -> None:
    ada = old.listener()
    id = old.podcast(ada)
    old.mailbox(ada)
    rows = old.old_rows()

    output = old.adopt()

    assert "Counts are equal" in output
    assert old.old_rows() == rows
    imported = episode(old, id)
    assert (imported["stage"], imported["title"], imported["mail_count"]) == (
        "ready",
        "Tuesday brew",
        2,
    )
    assert imported["seconds"] == pytest.approx(1.0, abs=0.1)
    key = next(iter(old.supabase.buckets["podcasts"].objects))
    assert old.audio(id) == old.supabase.buckets["podcasts"].objects[key].data
    assert not old.supabase.buckets["episodes"].public
    assert httpx2.get(f"{old.url}/storage/v1/object/public/podcasts/{key}").status_code == 200
    [(address, state)] = old.ask("select name, state from audiobrew.mail_sources")
    assert (address, state) == (f"{ada[:8]}@gmail.example", "waiting")


def test_the_command_prints_a_report_and_returns_an_exit_code(old: OldProject) -> None:
    old.podcast(old.listener())

    success, refusal = old.run("adopt"), old.run("adopt", "--at-once", "99")

    assert (success.returncode, refusal.returncode) == (0, 2)
    assert "Counts are equal" in success.stdout
    assert refusal.stderr == (
        "audiobrew: Choose 1 to 10000 for --batch, and 1 to 8 for --at-once.\n"
    )


def test_a_preview_counts_and_changes_nothing(old: OldProject) -> None:
    ada = old.listener()
    old.podcast(ada)
    old.mailbox(ada)

    output = old.adopt("--dry-run")

    assert "episodes" in output
    assert "Nothing was changed" in output
    assert old.ask("select count(*) from audiobrew.episodes") == [(0,)]
    assert old.ask("select count(*) from audiobrew.listeners") == [(0,)]
    assert "episodes" not in old.supabase.buckets


def test_a_second_import_takes_only_new_and_changed_rows(old: OldProject) -> None:
    ada = old.listener()
    first = old.podcast(ada)
    old.adopt()
    old.ask("update public.podcasts set title = 'Another name' returning 1")
    second = old.podcast(ada, title="Wednesday")

    old.adopt()
    calls = len(old.supabase.calls)
    old.adopt()

    assert episode(old, first)["title"] == "Another name"
    assert episode(old, second)["title"] == "Wednesday"
    assert old.ask("select count(*) from audiobrew.episodes") == [(2,)]
    assert len([one for one in old.supabase.calls[calls:] if "object" in one[1]]) == 0


def test_titles_and_deletions_made_here_are_kept(old: OldProject) -> None:
    ada = old.listener()
    renamed, deleted = old.podcast(ada), old.podcast(ada)
    old.adopt()
    old.ask(
        "update audiobrew.episodes set title = 'Mine', title_chosen = true where id = %s returning 1",
        renamed,
    )
    old.ask("delete from audiobrew.episodes where id = %s returning 1", deleted)
    old.ask("update public.podcasts set title = 'Theirs' returning 1")

    output = old.adopt()

    assert episode(old, renamed)["title"] == "Mine"
    assert old.ask("select count(*) from audiobrew.episodes") == [(1,)]
    assert "deleted here since" in output


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("https://example.com/audio/0c9a.mp3", "could not make audio"),
        (None, "could not make audio"),
        ("https://elsewhere.example/a.mp3", "own folder"),
    ],
)
def test_an_episode_without_audio_is_imported_as_failed(
    old: OldProject, url: str | None, word: str
) -> None:
    id = old.podcast(old.listener(), audio_url=url)

    old.adopt()

    imported = episode(old, id)
    assert imported["stage"] == "failed"
    assert word in str(imported["trouble"])
    assert imported["media"] is None
    assert imported["seconds"] is None


def test_missing_broken_and_foreign_audio_is_reported(old: OldProject) -> None:
    ada, bob = old.listener(), old.listener("bob")
    missing = old.podcast(ada, audio_url=old.sound(ada))
    old.supabase.buckets["podcasts"].objects.clear()
    broken = old.podcast(ada, audio_url=old.sound(ada, b"this is no sound"))
    empty = old.podcast(ada, audio_url=old.sound(ada, b""))
    anothers = old.podcast(ada, audio_url=old.sound(bob))

    output = old.adopt()

    troubles = [str(episode(old, id)["trouble"]) for id in (missing, broken, empty, anothers)]
    assert "was missing" in troubles[0]
    assert "cannot be played" in troubles[1]
    assert "cannot be played" in troubles[2]
    assert "own folder" in troubles[3]
    assert "Counts are equal" in output


def test_the_length_is_measured_on_the_file(old: OldProject) -> None:
    ada = old.listener()
    id = old.podcast(ada, duration=300, audio_url=old.sound(ada, tone(7.0)))

    old.adopt()

    assert float(str(episode(old, id)["seconds"])) == pytest.approx(7.0, abs=0.1)


def test_a_script_is_readable_and_says_that_it_has_no_sources(old: OldProject) -> None:
    id = old.podcast(old.listener(), script_markdown=SCRIPT)
    long = old.podcast(old.listener("bob"), script_markdown=SCRIPT + "Beans and beans. " * 400)

    old.adopt()

    query = "select text, kind, cites, title from audiobrew.sentences s join audiobrew.segments g"
    where = " on (g.episode_id, g.number) = (s.episode_id, s.segment) where s.episode_id = %s order by 1"
    lines = old.ask(query + where, id)
    assert [line[0] for line in lines] == [
        "Beans are back in the shop on Tuesday.",
        "The harvest grew by 12 percent.",
        "The roaster says so.",
    ]
    assert {(kind, str(cites), title) for _, kind, cites, title in lines} == {
        ("before", "[]", "Beans are back")
    }
    assert "no sources" in str(episode(old, id)["note"])
    assert "4,000" in str(episode(old, long)["note"])


def test_an_error_of_one_listener_does_not_stop_the_import(old: OldProject) -> None:
    ada = old.listener()
    for _ in range(3):
        old.podcast(ada)
    old.supabase.inject("/storage/v1/object/authenticated/podcasts", status=503, times=3)

    output = old.adopt("--at-once", "1", code=1)

    assert "Run the same command again." in output
    assert old.ask("select count(*) from audiobrew.episodes") == [(2,)]
    old.adopt()
    assert old.ask("select count(*) from audiobrew.episodes") == [(3,)]


def test_every_copied_byte_can_be_checked(old: OldProject) -> None:
    ada = old.listener()
    whole, broken = old.podcast(ada), old.podcast(ada)
    old.adopt()
    assert "2 intact, 0 damaged" in old.adopt("--check")
    file = old.supabase.buckets["episodes"].objects[f"episodes/{broken}.mp3"]
    file.data = file.data[:-1] + b"?"

    output = old.adopt("--check", code=1)

    assert f"damaged: {broken}" in output
    assert whole not in output
