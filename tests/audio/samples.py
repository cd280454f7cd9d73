"""A few sentences of news in every language of the espeak voice."""

import json
from pathlib import Path

SAMPLES: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("samples.json").read_text(encoding="utf-8")
)
