"""Score the gate against a table of sentences: which false ones it catches, and which true ones it drops.

    python scripts/score_gate.py [FOLDER] [--misses] [--language CODE] [--judge]

Without a folder, the tables of the tests are scored. `tests/script/gate_tables_unseen` has those for which no
rule was written, except decimals in words for `_second`.

With `--judge`, sentences that the rules accept, or about which they are in doubt, are judged by the stand-in
of the tests, through the real client. It knows the tables, so this shows what the rules and a good judge do
together, and that every verdict reaches its sentence. It says nothing about a real model.

The folder has TOML files whose names begin with a language. A name that ends in `_apart` marks a file that
was written before the rules and that no rule was adapted to; it is scored apart. Each `[[block]]` has:

- `source`: the text that the sentences cite.
- `right`: what a good writer may make of it.
- `wrong`: changes of a `kind`. `[kind, old, new]` changes every sentence of `source` and `right` that has
  `old`. `[kind, sentence]` is a false sentence. `["invented", clause]` adds a clause to every sentence.

"""

import argparse
import asyncio
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from audiobrew.mail.newsletter import Block, BlockKind, Newsletter
from audiobrew.models.openai_client import OpenAICalls
from audiobrew.script.gate.gate import Sources, certain, check_sentence
from audiobrew.script.judging import FAILED, needs_verdict
from audiobrew.script.openai.writer import OpenAIWriter
from audiobrew.script.script import Rejection, Sentence, Speaker
from audiobrew.script.sentences import sentences as split_sentences
from audiobrew.script.writer import Brief

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "tests" / "script" / "gate_tables"
# What the rules must catch on their own: figures, dates and names, and the meaning.
FIGURES = ("figure", "magnitude", "unit", "sign", "swapped_figures", "date", "name")
MEANING = ("negation", "direction", "roles", "hedge", "invented")
KINDS = (*FIGURES, "swapped_names", *MEANING)
# A number before a full stop may be an ordinal, unless it is a year.
SENTENCE_END = re.compile(
    r"(?<=\D[.!?;])(?<!Mio\.)(?<! v\.)(?<!\bn\.)(?<!\bDr\.)\s+|(?<=\d{4}[.!?;])\s+"
)
# A newsletter of a date that no table mentions.
NEWSLETTER = Newsletter(
    *("d1", "notes", "Harbour Notes", "notes@harbour.example", "Week 48", "en"),
    received_at=datetime(2026, 11, 23, tzinfo=UTC),
    bulk=True,
    blocks=(),
)
BRIEF = Brief(5, "AudioBrew", date(2026, 11, 23), {})


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence, the name of its file without the language, and what is wrong with it or "right"."""

    language: str
    table: str
    kind: str
    source: str
    text: str

    @property
    def apart(self) -> bool:
        return self.table.endswith("apart")


def read_table(folder: Path = TABLES) -> list[Row]:
    """All sentences of a folder of tables, without repetitions."""
    rows: dict[tuple[str, str], Row] = {}
    for path in sorted(folder.glob("*.toml")):
        language, _, rest = path.stem.partition("_")
        for block in tomllib.loads(path.read_text(encoding="utf-8"))["block"]:
            for kind, text in block_sentences(block):
                row = Row(language, rest, kind, block["source"], text)
                rows.setdefault((block["source"], text), row)
    return list(rows.values())


def block_sentences(block: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every sentence of a block with its kind."""
    source = str(block["source"])
    right = list(block["right"])
    yield from (("right", text) for text in right)
    sentences = [as_sentence(part) for part in SENTENCE_END.split(source)] + right
    whole_sentences = split_sentences(source)
    for change in block["wrong"]:
        match change:
            case ["invented", str() as clause] if clause[0] in ", ":
                yield from (("invented", add_clause(text, clause)) for text in sentences)
            case [kind, sentence]:
                yield kind, sentence
            case [kind, old, new]:
                texts = sentences
                if not any(old.casefold() in text.casefold() for text in texts):
                    texts = whole_sentences  # `old` spans two clauses of one sentence
                changed = {replace_start(text, old, new).replace(old, new, 1) for text in texts}
                changed -= set(texts)
                assert changed, f"no sentence contains {old!r}"
                yield from ((kind, text) for text in sorted(changed))
            case _:
                raise ValueError(f"not a change: {change}")


def as_sentence(part: str) -> str:
    """A clause that ends in a semicolon as a sentence of its own."""
    text = part.rstrip(" \u00a0;")
    text = text[0].upper() + text[1:]
    return text if text[-1] in '.!?"”»' else f"{text}."


def replace_start(text: str, old: str, new: str) -> str:
    """Replace `old` at the beginning of a sentence, where it has a capital letter."""
    start = old[0].upper() + old[1:]
    is_lower = old[0].islower() and text.startswith(start)
    return new[0].upper() + new[1:] + text[len(start) :] if is_lower else text


def add_clause(text: str, clause: str) -> str:
    return f"{text.rstrip('.')}{clause}."


def newsletter_of(row: Row, number: int = 0) -> Newsletter:
    """A newsletter with the block of a sentence."""
    block = Block(f"b{number}", BlockKind.PARAGRAPH, row.source)
    return replace(NEWSLETTER, digest=f"d{number}", language=row.language, blocks=(block,))


def sentence_of(row: Row, number: int = 0) -> Sentence:
    return Sentence(row.text, Speaker.FIRST, cites=(f"b{number}",))


def check(row: Row) -> Rejection | None:
    """What the rules say to a sentence that cites its block."""
    sources = Sources.of([newsletter_of(row)], BRIEF)
    return check_sentence(sentence_of(row), row.language, sources)


def judge(rows: Sequence[Row], rejections: Sequence[Rejection | None]) -> list[bool]:
    """Which sentences are rejected, by the rules if they are certain, else by the stand-in's verdict."""
    return asyncio.run(judge_all(rows, [certain(one) is not None for one in rejections]))


async def judge_all(rows: Sequence[Row], caught: Sequence[bool]) -> list[bool]:
    sys.path.insert(0, str(ROOT))
    from tests.script.no_cache import no_cache
    from tests.standins.openai import OpenAI
    from tests.standins.openai.fake_model import FakeModel
    from tests.standins.openai.local_server import serving

    false_texts = {row.text for row in rows if row.kind != "right"}
    stand_in = OpenAI(FakeModel(false_texts=false_texts))
    numbers: dict[str, int] = {}
    for row in rows:
        numbers.setdefault(row.source, len(numbers))
    results = list(caught)
    with serving(stand_in) as url:
        calls = OpenAICalls(stand_in.key, url, 8, 30)
        writer = OpenAIWriter(calls, "gpt-6-luna")
        for source, number in numbers.items():
            places = [place for place, row in enumerate(rows) if row.source == source]
            newsletter = newsletter_of(rows[places[0]], number)
            sources = Sources.of([newsletter], BRIEF)
            sentences = {
                place: sentence
                for place in places
                for sentence in [sentence_of(rows[place], number)]
                if not caught[place] and needs_verdict(sentence, sources)
            }
            if sentences:
                verdicts = await writer.judge(
                    [*sentences.values()], newsletter.language, [newsletter], no_cache
                )
                for place, sentence in sentences.items():
                    results[place] = verdicts[sentence].outcome in FAILED
        await calls.aclose()
    return results


def score(rows: Sequence[Row], caught: Sequence[bool]) -> dict[str, tuple[int, int]]:
    """Rejected and all sentences, by kind."""
    totals = Counter(row.kind for row in rows)
    rejected = Counter(row.kind for row, is_caught in zip(rows, caught, strict=True) if is_caught)
    return {kind: (rejected[kind], totals[kind]) for kind in (*KINDS, "right") if totals[kind]}


def print_tables(rows: Sequence[Row], caught: Sequence[bool], title: str) -> None:
    languages = sorted({row.language for row in rows})
    print(f"{title}\n{'':17}" + "".join(f"{name:>14}" for name in [*languages, "all"]))
    for kind in (*KINDS, "right"):
        cells = []
        for language in [*languages, None]:
            pairs = [
                is_caught
                for row, is_caught in zip(rows, caught, strict=True)
                if row.kind == kind and language in (None, row.language)
            ]
            share = f"{sum(pairs)}/{len(pairs)} {sum(pairs) / len(pairs):4.0%}" if pairs else "-"
            cells.append(f"{share:>14}")
        name = "paraphrases lost" if kind == "right" else kind
        print(f"{name:17}" + "".join(cells))
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=TABLES)
    parser.add_argument(
        "--misses", action="store_true", help="print what is wrongly accepted or dropped"
    )
    parser.add_argument("--language")
    parser.add_argument("--judge", action="store_true", help="add the verdicts of the stand-in")
    options = parser.parse_args()
    table = read_table(options.folder)
    rows = [row for row in table if options.language in (None, row.language)]
    for apart in (False, True):
        part = [row for row in rows if row.apart is apart]
        rejections = [check(row) for row in part]
        caught = [rejection is not None for rejection in rejections]
        name = "Kept apart" if apart else "Development"
        print_tables(part, caught, f"{name}: {len(part)} sentences, rejected by the rules")
        if options.judge and part:
            title = (
                f"{name}: {len(part)} sentences, rejected by certain rules or the stand-in's judge"
            )
            print_tables(part, judge(part, rejections), title)
        if options.misses and not apart:
            for row, rejection in zip(part, rejections, strict=True):
                if (row.kind == "right") == (rejection is not None):
                    missing = f"{rejection.reason} {rejection.missing}" if rejection else ""
                    print(f"{row.language} {row.kind:16} {row.text}   {missing}")


if __name__ == "__main__":
    main()
