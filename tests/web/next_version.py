"""A later version of the web app, made from the build: what a deployment puts in its place."""

import base64
import hashlib
import json
import re
import shutil
from pathlib import Path

INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
SCRIPT_HASH = re.compile(r"'sha256-[\w+/=]+'")


def write_next_version(build: Path, to: Path) -> None:
    """Write a build with another version, whose scripts have other names. Its pages have `data-next`."""
    shutil.copytree(build, to, ignore=shutil.ignore_patterns("*.gz", "*.br", "*.mp3"))
    version = json.loads((to / "_app" / "version.json").read_text())["version"]
    scripts = list((to / "_app" / "immutable").rglob("*.js"))
    names = re.compile("|".join(re.escape(script.name) for script in scripts))
    for script in scripts:
        script.rename(script.with_name(next_name(script.name)))
    for path in to.rglob("*"):
        if path.suffix in (".js", ".html", ".json"):
            text = names.sub(lambda name: next_name(name[0]), path.read_text())
            text = text.replace(version, f"{version}0").replace("<html ", "<html data-next ")
            path.write_text(allow_inline_scripts(text) if path.suffix == ".html" else text)


def next_name(name: str) -> str:
    return f"{name.removesuffix('.js')}-next.js"


def allow_inline_scripts(page: str) -> str:
    """Put the hash of the changed script into the page's content policy."""
    [script] = INLINE_SCRIPT.findall(page)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return SCRIPT_HASH.sub(f"'sha256-{digest}'", page)
