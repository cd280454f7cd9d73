"""When models end, as far as their makers have announced it."""

from datetime import date

ENDS = {
    "tts-1": date(2027, 1, 6),
    "tts-1-hd": date(2027, 1, 6),
    "gpt-4o-mini-tts": date(2027, 1, 6),
    "gpt-4o": date(2027, 1, 14),
    "gpt-4o-mini": date(2027, 1, 14),
    "gpt-4.1": date(2027, 1, 14),
    "gpt-4.1-mini": date(2027, 1, 14),
    "gpt-4.1-nano": date(2027, 1, 14),
    "whisper-1": date(2027, 2, 26),
    "gpt-4o-transcribe": date(2027, 2, 26),
}
"""OpenAI's announcements as read on 2026-11-23."""
SOON_DAYS = 60


def end_of(model: str) -> date | None:
    """A dated snapshot, such as gpt-4o-2024-08-06, ends with its model at the latest."""
    fitting = [name for name in ENDS if model == name or model.startswith(f"{name}-20")]
    return ENDS[max(fitting, key=len)] if fitting else None


def ended(model: str, today: date) -> bool:
    end = end_of(model)
    return end is not None and end <= today


def ends_soon(model: str, today: date) -> bool:
    end = end_of(model)
    return end is not None and 0 < (end - today).days <= SOON_DAYS
