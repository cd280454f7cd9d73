"""Sentences as a model judges them, and its answers as verdicts."""

from collections.abc import Awaitable, Callable, Sequence
from itertools import chain

import structlog

from audiobrew.mail.mail import MailSize
from audiobrew.mail.newsletter import Newsletter
from audiobrew.ops.calls import gather_all
from audiobrew.script.clear_notation import with_clear_notation
from audiobrew.script.openai.prompts import Judged, sentences_as_data
from audiobrew.script.script import Outcome, Sentence, Verdict

# A sentence with the texts that it cites.
SourcedSentence = tuple[Sentence, list[str]]
# Characters of a verdict on one sentence.
VERDICT_LENGTH = 60
# Characters of a spoken sentence, and what JSON adds to it and its sources, on average.
SENTENCE_LENGTH, ITEM_OVERHEAD = 100, 40
# Asks a model with this input for an answer of about this length.
Ask = Callable[[str, int], Awaitable[Judged]]
log = structlog.get_logger()


async def judge_sentences(
    sentences: Sequence[Sentence],
    newsletters: Sequence[Newsletter],
    ask: Ask,
    failure: type[Exception],
) -> dict[Sentence, Verdict]:
    """Verdicts on sentences. A `failure` of the model is no verdict, and no reason to fail an episode."""

    async def judge(group: Sequence[SourcedSentence]) -> dict[Sentence, Verdict]:
        data = sentences_as_data([(one.text, texts) for one, texts in group])
        try:
            answer = await ask(data, VERDICT_LENGTH * len(group))
        except failure:
            log.warning("judge.unusable", sentences=len(group))
            return {}
        return read_verdicts(answer, group)

    results = await gather_all(map(judge, group_by_newsletter(sentences, newsletters)))
    return dict(chain.from_iterable(result.items() for result in results))


def forecast_lengths(mail: MailSize, script_length: float) -> tuple[float, float]:
    """The expected characters of input and answer when that much script of a newsletter is judged.

    Every sentence is sent with the block that it cites.
    """
    count = script_length / SENTENCE_LENGTH
    block_length = mail.characters / max(1, mail.blocks)
    return script_length + count * (block_length + ITEM_OVERHEAD), count * VERDICT_LENGTH


def group_by_newsletter(
    sentences: Sequence[Sentence], newsletters: Sequence[Newsletter]
) -> list[list[SourcedSentence]]:
    """The sentences of each newsletter, because a call contains text of one only.

    Sentences that cite several are left out.
    """
    blocks = {
        block.id: (one.digest, block.text)
        for one in map(with_clear_notation, newsletters)
        for block in one.uncut_blocks
    }
    groups: dict[str, list[SourcedSentence]] = {}
    for sentence in sentences:
        cited = [blocks[id] for id in sentence.cites if id in blocks]
        if len({digest for digest, _ in cited}) == 1:
            texts = [text for _, text in cited]
            groups.setdefault(cited[0][0], []).append((sentence, texts))
    return list(groups.values())


def read_verdicts(answer: Judged, group: Sequence[SourcedSentence]) -> dict[Sentence, Verdict]:
    """The first verdict on each sentence. One whose words are not in the sentence means another sentence."""
    verdicts: dict[Sentence, Verdict] = {}
    for item in answer.items:
        if 0 <= item.item < len(group):
            sentence = group[item.item][0]
            words = " ".join(item.words.split())
            if words.casefold() in sentence.text.casefold():
                verdicts.setdefault(sentence, Verdict(Outcome(item.verdict), words))
    return verdicts
