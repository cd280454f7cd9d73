"""Cut what resembles boilerplate beyond doubt, although no rule knows its words.

A model learned from the labelled mails in `tests/mail/labelled` what boilerplate looks like: see decision 43.
It only adds cuts to those of the rules, and never judges headings, tables or long texts. What it leaves has a
doubt (`Block.doubt`), by which episodes leave out more: see decision 44.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from audiobrew.mail.cuts.block_features import PURPOSES, MailFeatures
from audiobrew.mail.cuts.mail_context import QUOTATION_MARKS, SENTENCE_ENDS, MailContext
from audiobrew.mail.newsletter import BlockKind, Cut
from audiobrew.mail.raw_block import RawBlock

MODEL = "boilerplate_model.json"
# The probability from which a block is cut, and that for a text that ends as a sentence.
# `scripts/learn_cuts.py` prints what others would do.
MIN_PROBABILITY, MIN_SENTENCE_PROBABILITY = 0.93, 0.97
# Longer texts are stories or advertisements that only a rule may cut, and a mail with more blocks is a list.
MAX_WORDS, MAX_BLOCKS = 90, 600
TEXTS = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTATION)
# Purposes of phrases that news of others has as well.
ABOUT_ANYTHING = ("events", "sign_ups", "offers", "announcements", "sponsor_labels")
EVIDENCE = (
    *(f"has {purpose}" for purpose in PURPOSES if purpose not in ABOUT_ANYTHING),
    "names the sender", "price", "phone", "address", "site", "code", "links", "writes a mail", "small",
    "has a question", "exclaims", "emoji",
)  # fmt: skip
OFFER_EVIDENCE = (
    "count of readers", "count of first_person", "count of requests", "links", "+1 is a button", "has deals",
    "has own_products", "has support", "-1 is sponsor", "+1 is sponsor", "small", "tinted", "writes a mail",
)  # fmt: skip
# Words of a name below a quotation.
MAX_NAME_WORDS = 6


@dataclass(frozen=True, slots=True)
class Tree:
    """A decision tree. Node 0 is the root; `features` has -1 for leaves, whose `values` are the result.

    At other nodes, `values` are the largest of the feature that lead to the node in `lower`; others lead to
    that in `higher`.
    """

    features: Sequence[int]
    values: Sequence[float]
    lower: Sequence[int]
    higher: Sequence[int]

    def decide(self, vector: Sequence[float]) -> float:
        node = 0
        while (feature := self.features[node]) >= 0:
            is_lower = vector[feature] <= self.values[node]
            node = self.lower[node] if is_lower else self.higher[node]
        return self.values[node]


@dataclass(frozen=True, slots=True)
class Model:
    """A sum of trees, which is the logarithm of the odds that a block is boilerplate."""

    names: Sequence[str]
    bias: float
    trees: Sequence[Tree]

    def probability(self, features: Mapping[str, float]) -> float:
        vector = [features[name] for name in self.names]
        odds = self.bias + sum(tree.decide(vector) for tree in self.trees)
        return 1 / (1 + math.exp(-odds))


@cache
def load_model() -> Model:
    fields = json.loads(files(__package__).joinpath(MODEL).read_text("utf-8"))
    return Model(fields["names"], fields["bias"], [Tree(*tree) for tree in fields["trees"]])


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the model says of a block that no rule cuts. `features` are what it judged by."""

    probability: float
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Why a block is cut; else the probability that it is boilerplate, and 0 if the model was not asked."""

    cut: Cut | None = None
    doubt: float = 0.0


def find_doubts(
    blocks: Sequence[RawBlock], cuts: Mapping[int, Cut], mail: MailContext
) -> dict[int, Doubt]:
    """What the model says of the texts that the rules leave, by the number of the block."""
    if not cuts or len(blocks) > MAX_BLOCKS:
        return {}
    model, mail_features = load_model(), MailFeatures(blocks, cuts, mail)
    doubts = {}
    for number, block in enumerate(blocks):
        names_a_speaker = number > 0 and names_speaker(block, blocks[number - 1])
        if number not in cuts and may_be_judged(block) and not names_a_speaker:
            features = mail_features.of(number)
            doubts[number] = Doubt(model.probability(features), features)
    return doubts


def find_likely_boilerplate(
    blocks: Sequence[RawBlock], cuts: Mapping[int, Cut], doubts: Mapping[int, Doubt]
) -> dict[int, Cut]:
    """The blocks that the rules leave and the model cuts, each with the reason of what is around it."""
    last_cut = max(cuts, default=-1)
    likely: dict[int, Cut] = {}
    for number, doubt in doubts.items():
        # Nearly every mail ends with boilerplate that a rule knows. Without it, sentences are a story's end.
        if number > last_cut and blocks[number].text.endswith(SENTENCE_ENDS):
            continue
        if introduces_list(blocks, number, cuts):
            continue
        features = doubt.features
        limit = MIN_SENTENCE_PROBABILITY if features["ends a sentence"] else MIN_PROBABILITY
        if has_evidence(features) and doubt.probability >= limit:
            likely[number] = reason_of(number, cuts, features)
    return likely


def introduces_list(blocks: Sequence[RawBlock], number: int, cuts: Mapping[int, Cut]) -> bool:
    """Whether a line stands above a list that no rule cuts, and so is its title."""
    below = blocks[number + 1] if number + 1 < len(blocks) else None
    return (
        below is not None
        and below.kind is BlockKind.LIST_ITEM
        and blocks[number].kind is BlockKind.PARAGRAPH
        and not below.links
        and number + 1 not in cuts
    )


def may_be_judged(block: RawBlock) -> bool:
    return block.kind in TEXTS and block.word_count <= MAX_WORDS


def names_speaker(block: RawBlock, before: RawBlock) -> bool:
    """Whether a text may be the name of who said the quotation before it."""
    is_quotation = before.kind is BlockKind.QUOTATION or before.text.startswith(QUOTATION_MARKS)
    return is_quotation and block.word_count <= MAX_NAME_WORDS


def has_evidence(features: Mapping[str, float]) -> bool:
    """Whether a text has something that boilerplate has: a place at the end makes no boilerplate.

    That is a phrase, a link, a way to be reached, a question, or that it is no sentence. A price is news if
    nobody is spoken to and nothing leads to a shop.
    """
    if features["price"] and not any(features[name] for name in OFFER_EVIDENCE):
        return False
    return not features["ends a sentence"] or any(features[name] for name in EVIDENCE)


def reason_of(number: int, cuts: Mapping[int, Cut], features: Mapping[str, float]) -> Cut:
    near = (cuts.get(number - 1), cuts.get(number + 1))
    is_sale = features["price"] or features["has deals"] or features["has sponsor_labels"]
    if Cut.SPONSOR in near or is_sale:
        return Cut.SPONSOR
    return Cut.FOOTER if Cut.FOOTER in near else Cut.NAVIGATION
