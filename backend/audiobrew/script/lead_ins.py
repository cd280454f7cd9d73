"""Lines that say nothing without the one after them."""

from audiobrew.script.line import Line

QUESTION_MARKS = ("?", "？", "؟")


def needs_next(line: Line) -> bool:
    """Whether a line says nothing if what follows it is left out: a question, a label, half a quotation."""
    return is_lead_in(line) or (
        line.series is None
        and not line.is_heading
        and (line.text.endswith(QUESTION_MARKS) or line.awaits_next)
    )


def is_lead_in(line: Line) -> bool:
    """Whether a line ends with a colon or asks: it says nothing without what follows."""
    return line.awaits_next and line.text.endswith((":", "：", "?", "？", ";", "؟"))
