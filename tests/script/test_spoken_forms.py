"""What newsletters write is spoken as a native speaker says it, in every language that is offered."""

from pathlib import Path

import pytest
from audiobrew.lang.language import offered_languages
from audiobrew.script.speech_text import speech_text

from tests.script.spoken_forms import FORMS, HELD_OUT, Form

ROOT = Path(__file__).parents[2]
KINDS_PER_LANGUAGE = 11


@pytest.mark.parametrize("form", [*FORMS, *HELD_OUT], ids=str)
def test_a_written_form_is_spoken(form: Form) -> None:
    spoken = speech_text(form.written, form.language)

    assert spoken == form.spoken
    assert speech_text(spoken, form.language) == spoken


def test_the_forms_are_of_all_languages_that_are_offered() -> None:
    kinds = {(form.language, form.kind) for form in FORMS}

    assert {form.language for form in FORMS} == set(offered_languages())
    for code in offered_languages():
        assert sum(language == code for language, _ in kinds) >= KINDS_PER_LANGUAGE
        assert sum(form.language == code for form in FORMS) >= 15
    assert len(FORMS) >= 400
