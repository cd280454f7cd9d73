"""The instructions for the model, its input, and the schemas of its answers.

Mail text is always data: it is part of the input as JSON, never of the instructions. Blocks and points are
numbered within one call, so that an answer cannot refer to anything outside of it.

The names of the answer classes are part of cache keys and of the schemas that the model sees. Renaming one
makes listeners pay again for cached answers.
"""

import hashlib
import json
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from audiobrew.mail.newsletter import BlockKind, BlockRole, Newsletter
from audiobrew.script.items import tellable_blocks
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.script import Rejection, Speaker
from audiobrew.script.sentence_filter import is_prompt_injection
from audiobrew.script.writer import Brief

# The texts are files in `instructions/`: whoever runs the service may change them. Their hash is part of the
# writer's name, so that a changed text asks anew.
_FILES = files(__package__).joinpath("instructions")


def _read(name: str) -> str:
    return _FILES.joinpath(name).read_text(encoding="utf-8").strip()


DATA = "\n\n" + _read("data.md")
POINTS, PLAN, STORIES, REWORD, JUDGE = (
    _read(f"{name}.md") + DATA for name in ("points", "plan", "stories", "reword", "judge")
)
STYLES: dict[str, dict[str, str]] = tomllib.loads(_read("styles.toml"))
ROLES: dict[str, str] = tomllib.loads(_read("roles.toml"))
VERSION = hashlib.sha256(
    json.dumps([POINTS, PLAN, STORIES, REWORD, JUDGE, STYLES, ROLES], ensure_ascii=False).encode()
).hexdigest()[:8]


def describe_show(brief: Brief, call: Literal["plan", "stories"]) -> str:
    """What the instructions of a call say about the style, and about the roles of the hosts."""
    style = STYLES[brief.style][call]
    if not brief.asker or not brief.teller:
        return style
    numbers = {host: number for number, host in enumerate(Speaker, 1)}
    roles = ROLES[call].format(asker=numbers[brief.asker], teller=numbers[brief.teller])
    return f"{style}\n{roles}"


class Strict(BaseModel):
    """A schema without additional properties, as OpenAI's strict mode requires."""

    model_config = ConfigDict(extra="forbid")


class ToldPoint(Strict):
    text: str
    blocks: list[int]


class ToldStory(Strict):
    title: str
    hook: ToldPoint
    kind: Literal["news", "essay", "list", "how_to", "data"]
    value: int
    interest: int
    points: list[ToldPoint]


class Points(Strict):
    """Answer to `POINTS`: the stories of a newsletter."""

    stories: list[ToldStory]


class LinkBeside(Strict):
    story: int
    text: str


class Show(Strict):
    """Answer to `PLAN`: the order of the show and what the hosts say between its stories.

    It is as short as it can be, because everything else waits for it.
    """

    order: list[int]
    long: list[int]
    short: list[int]
    round_up: list[int]
    second_host: list[int]
    bridges: list[LinkBeside]
    cold_open: int
    teaser: list[int]
    call_backs: list[LinkBeside]


class SaidSentence(Strict):
    """`points` is empty in a link sentence."""

    host: Literal[1, 2]
    points: list[int]
    text: str
    spare: bool


class SaidStory(Strict):
    story: int
    sentences: list[SaidSentence]


class Said(Strict):
    """Answer to `STORIES`: the spoken text of a few stories."""

    stories: list[SaidStory]


class JudgedItem(Strict):
    item: int
    verdict: Literal["supported", "contradicted", "not_in_source"]
    words: str


class Judged(Strict):
    """Answer to `JUDGE`: a verdict on each text."""

    items: list[JudgedItem]


class Mended(Strict):
    """Answer to `REWORD`: the reworded sentences, in the order of the input."""

    texts: list[str]


def newsletter_as_data(newsletter: Newsletter, interests: str = "") -> str:
    """The newsletter as JSON: who sent it, and its blocks by their numbers in it.

    Prompt injections and what is not news (code, captions, bylines) are left out.
    """
    tellable = {block.id for block in tellable_blocks(newsletter.uncut_blocks)}
    blocks = {
        place: block
        for place, block in enumerate(newsletter.uncut_blocks)
        if block.id in tellable and not is_prompt_injection(block.text)
    }
    kinds: dict[str, list[int]] = {}
    for place, block in blocks.items():
        if block.role or block.kind is not BlockKind.PARAGRAPH:
            kinds.setdefault(block.role or block.kind, []).append(place)
    bylines = (block.text for block in newsletter.blocks if block.role is BlockRole.BYLINE)
    about = {
        "newsletter": spoken_name(newsletter),
        "author": next(bylines, ""),
        "subject": newsletter.subject,
        "date": newsletter.received_at.date().isoformat(),
        "interests": interests,
    }
    return _json(
        {
            **{
                name: text for name, text in about.items() if text and not is_prompt_injection(text)
            },
            "kinds": kinds,
            "blocks": {str(place): block.text for place, block in blocks.items()},
        }
    )


def newsletter_length(blocks: int, characters: int) -> int:
    """The approximate length of `newsletter_as_data`: text, names, numbers and punctuation."""
    return 108 + characters + blocks * (len(str(blocks)) + len('"":"",'))


def rejections_as_data(rejections: Sequence[tuple[Rejection, Sequence[str]]]) -> str:
    """Each rejected sentence with what its source lacks and the texts that it cites."""
    return _json(
        [
            {
                "text": rejection.sentence.text,
                "missing": list(rejection.missing) or str(rejection.reason),
                "source": sources,
            }
            for rejection, sources in rejections
        ]
    )


def as_data(value: Any) -> str:
    """The input of a call that has no function of its own here."""
    return _json(value)


def sentences_as_data(sentences: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Sentences by their numbers, each with the texts that it cites."""
    return _json(
        [
            {"item": number, "text": text, "source": list(sources)}
            for number, (text, sources) in enumerate(sentences)
        ]
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
