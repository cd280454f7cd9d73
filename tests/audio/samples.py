"""A few lines of news in every language the espeak voice speaks, for measuring and timing it."""

import json
from pathlib import Path

SAMPLES: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("samples.json").read_text(encoding="utf-8")
)
