from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from audiobrew.account.store import AccountStore
from audiobrew.db.search_tables import search_texts
from audiobrew.episode.store import EpisodeStore
from audiobrew.inbox.store import MailStore
from audiobrew.search.store import SearchStore, StoryMatch
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.inbox.test_store import an_issue
from tests.search.library import store_episode

STORIES = {
    "Salt in the north": ["Good morning.", "The salt works of Lüneburg open again on Tuesday."],
    "Coffee harvest grows": [
        "The harvest in Huila grew by 12 percent.",
        "Growers speak of a record, and of salt in the wind.",
    ],
}
LANGUAGES = {
    "Der Bahnhof Köln-Süd wird für 1,5 Mio. € umgebaut.": ("koln sud", "Umgebaut", "1,5"),
    "L'économie française a crû de 0,3 %.": ("ECONOMIE", "l'econ", "française"),
    "El señor Núñez cerró la fábrica.": ("nunez", "fabrica cerro"),
    "Łódź żegna zimę.": ("lodz", "zegna"),
    "İstanbul'da ırmak taştı.": ("istanbul", "irmak"),
    "Ёлка стоит на площади.": ("елка", "площ"),
    "Ο καφές ακριβαίνει.": ("ΚΑΦΕΣ", "ακριβαινει"),
    "שָׁלוֹם לכולם": ("שלום",),
    "القهوةُ غالية": ("القهوة",),
    "कॉफ़ी महँगी हुई": ("कॉफ़ी", "महँगी हुई"),
    "北京大学发布了报告。": ("大学", "北京 报告", "京大"),
    "東京でコーヒーの値段が上がった。": ("コーヒー", "値段", "東京 上"),
    "한국은행이 금리를 올렸다.": ("은행", "한국", "금리"),
    "กาแฟแพงขึ้น": ("กาแฟ", "แพง"),
    "Tiếng Việt dễ đọc.": ("tieng viet", "doc"),
    "Çağrı Øresund Ærø.": ("cagri", "oresund", "aero"),
    "Version 3.11b of C++ at o'reilly.example/x_y": ("3.11b", "c++", "o'reilly", "x_y", "oreilly"),
}
HOSTILE = [
    "'",
    '"',
    '""',
    "'; drop table search_texts; --",
    "salt' or '1'='1",
    "title:salt",
    "NEAR(salt north)",
    "salt*",
    "^salt",
    "salt & !north",
    "(salt <-> ",
    "salt:*A",
    "\\",
    "%",
    "salt \\' :*",
    "👩‍👩‍👧 ☕",
    "\u202eabc",
    "\u0301\u0301",
    "x" * 200,
    "北" * 200,
]


@pytest.fixture
def search(engine: AsyncEngine) -> SearchStore:
    return SearchStore(engine)


async def find(search: SearchStore, listener: UUID, text: str) -> list[StoryMatch]:
    return await search.stories(listener, text, 50, None)


def plain(match: StoryMatch) -> tuple[str, str]:
    return tuple("".join(part.text for part in parts) for parts in (match.title, match.snippet))


async def test_a_story_is_found_with_the_sentence_that_says_it(
    engine: AsyncEngine, search: SearchStore, ada: UUID
) -> None:
    episode = await store_episode(engine, ada, STORIES)

    [match] = await find(search, ada, "huila")

    assert (match.episode, match.story, match.sentence, match.start) == (episode, 1, 2, 8.0)
    assert plain(match) == ("Coffee harvest grows", "The harvest in Huila grew by 12 percent.")
    assert [part.text for part in match.snippet if part.is_match] == ["Huila"]


async def test_a_match_in_a_title_comes_first_and_plays_from_the_start_of_the_story(
    engine: AsyncEngine, search: SearchStore, ada: UUID
) -> None:
    await store_episode(engine, ada, STORIES)

    first, second = await find(search, ada, "salt")
    [title_only] = await find(search, ada, "north")

    assert (first.story, second.story) == (0, 1)
    assert second.start == 12.0
    assert (title_only.start, plain(title_only)[1]) == (0.0, "Good morning.")


@pytest.mark.parametrize(
    "query", ["luneb", "LÜNEBURG salt", '"salt works"', '"works of lun', "north tuesday", "SALT w"]
)
async def test_case_accents_prefixes_and_phrases(
    engine: AsyncEngine, search: SearchStore, ada: UUID, query: str
) -> None:
    await store_episode(engine, ada, STORIES)
    first, *_ = await find(search, ada, query)

    assert first.story == 0


@pytest.mark.parametrize("query", ["luneb salt", '"works salt"', '"luneb"', "salt coal", "neburg"])
async def test_what_does_not_match(
    engine: AsyncEngine, search: SearchStore, ada: UUID, query: str
) -> None:
    await store_episode(engine, ada, STORIES)

    assert await find(search, ada, query) == []


async def test_text_in_every_script_is_found(
    engine: AsyncEngine, search: SearchStore, ada: UUID
) -> None:
    await store_episode(engine, ada, {str(number): [text] for number, text in enumerate(LANGUAGES)})
    expected = {query: text for text, queries in LANGUAGES.items() for query in queries}

    results = {query: await find(search, ada, query) for query in expected}

    missing = {
        query
        for query, text in expected.items()
        if text not in {plain(match)[1] for match in results[query]}
    }
    assert missing == {"oreilly"}


@pytest.mark.parametrize("query", HOSTILE)
async def test_punctuation_is_data(
    engine: AsyncEngine, search: SearchStore, ada: UUID, query: str
) -> None:
    await store_episode(engine, ada, STORIES)

    assert len(await find(search, ada, query)) <= 2
    assert await search.newsletters(ada, query, 50, None) == []
    assert len(await find(search, ada, "salt")) == 2


async def test_results_are_paged(engine: AsyncEngine, search: SearchStore, ada: UUID) -> None:
    for number in range(7):
        texts = ["The salt is white."] * (number % 3 + 1)
        await store_episode(engine, ada, {f"Story {number}": texts})
    everything = await find(search, ada, "salt")

    pages, before = list[StoryMatch](), None
    while page := await search.stories(ada, "salt", 2, before):
        pages += page
        before = page[-1].id

    assert len(everything) == 7
    assert pages == everything
    assert await search.stories(ada, "salt", 2, uuid4()) == []


async def test_of_equal_matches_the_newest_comes_first(
    engine: AsyncEngine, search: SearchStore, ada: UUID
) -> None:
    ids = [await store_episode(engine, ada, {"Salt": ["Salt."]}) for _ in range(3)]

    assert [match.episode for match in await find(search, ada, "salt")] == ids[::-1]


async def test_another_listener_finds_nothing(
    engine: AsyncEngine, search: SearchStore, ada: UUID, bob: UUID
) -> None:
    await store_episode(engine, ada, STORIES)
    await MailStore(engine).add(ada, [an_issue("Salt")])
    [match, _] = await find(search, ada, "salt")

    assert await find(search, bob, "salt") == []
    assert await search.stories(bob, "salt", 50, match.id) == []
    assert await search.newsletters(bob, "salt", 50, None) == []


async def test_a_title_that_the_listener_chose_is_found(
    engine: AsyncEngine, search: SearchStore, ada: UUID
) -> None:
    episode = await store_episode(engine, ada, STORIES)
    await EpisodeStore(engine).rename(ada, episode, "Für die Zugfahrt")

    [match] = await find(search, ada, "fur zug")

    assert (match.episode, match.story, match.sentence, match.start) == (episode, None, None, None)
    assert plain(match) == ("Für die Zugfahrt", "")
    assert len(await find(search, ada, "salt")) == 2


async def test_a_deleted_episode_is_not_found(
    engine: AsyncEngine, search: SearchStore, ada: UUID
) -> None:
    episode = await store_episode(engine, ada, STORIES)
    await EpisodeStore(engine).delete(ada, episode)

    assert await find(search, ada, "salt") == []
    assert await count_texts(engine) == 0


async def test_newsletters_are_found_by_subject_and_sender_newest_first(
    engine: AsyncEngine, search: SearchStore, ada: UUID
) -> None:
    mails = MailStore(engine)
    subjects = ("Salt one", "Salt two", "Salt three", "Pepper")
    added = await mails.add(ada, [an_issue(text, hours) for hours, text in enumerate(subjects)])
    newest = [mail.id for mail in reversed(added)]

    found = await search.newsletters(ada, "roast", 3, None)
    rest = await search.newsletters(ada, "roast", 3, found[-1].id)

    assert [match.id for match in (*found, *rest)] == newest
    assert [m.id for m in await search.newsletters(ada, "salt the ro", 9, None)] == newest[1:]
    assert [part.text for part in found[0].sender if part.is_match] == ["Roast"]
    assert await find(search, ada, "salt") == []
    await mails.delete(ada, newest[0])
    assert await search.newsletters(ada, "pepper", 9, None) == []


async def test_the_job_indexes_what_older_versions_stored(
    engine: AsyncEngine, search: SearchStore, ada: UUID
) -> None:
    episode = await store_episode(engine, ada, STORIES, indexed=False)
    [mail] = await MailStore(engine).add(ada, [an_issue("Salt")])
    async with engine.begin() as database:
        await database.execute(search_texts.delete())
    assert await find(search, ada, "huila") == []

    for _ in range(2):
        await search.add_missing_texts()

    assert [match.episode for match in await find(search, ada, "huila")] == [episode]
    assert [match.id for match in await search.newsletters(ada, "salt", 9, None)] == [mail.id]
    assert await count_texts(engine) == 4


async def test_an_account_leaves_no_word_behind(
    engine: AsyncEngine, search: SearchStore, ada: UUID, bob: UUID
) -> None:
    await store_episode(engine, ada, {"Zanzibar": ["Quokkas."]})
    await store_episode(engine, bob, STORIES)
    await AccountStore(engine).delete_rows(ada)

    assert len(await find(search, bob, "salt")) == 2
    if engine.dialect.name == "sqlite":
        async with engine.connect() as database:
            blocks = await database.execute(sa.text("select block from search_index_data"))
            assert not [block for (block,) in blocks if b"uokkas" in block or b"anzibar" in block]


async def count_texts(engine: AsyncEngine) -> int:
    async with engine.connect() as database:
        count = sa.select(sa.func.count()).select_from(search_texts)
        return int((await database.execute(count)).scalar_one())
