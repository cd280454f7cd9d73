"""Finds the files of engines among the installed packages, and checks them before they are loaded.

The packages are young and their weights are programs of a kind, so only the files that were tried are used.
"""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from audiobrew.audio.local.table import EngineFiles, VoiceTable


class UnusableWeights(Exception):
    """Says why an engine's files are not used."""


def check_engine(table: VoiceTable, name: str) -> None:
    """Check that an engine and what it needs are installed, and that their files are those that were tried.

    Imports nothing of them. Raises UnusableWeights.
    """
    engine = table.engines[name]
    check_files(engine)
    for other in engine.needs:
        check_engine(table, other)


def check_files(engine: EngineFiles) -> None:
    """The same for one engine alone."""
    missing = [module for module in engine.modules if find_spec(module) is None]
    if missing:
        raise UnusableWeights(f"{engine.title} is not installed: {engine.installation}")
    for path, digest in engine.files.items():
        try:
            with find_file(path).open("rb") as file:
                actual = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise incomplete(engine) from error
        if actual != digest:
            raise changed(engine)


def read_checked(engine: EngineFiles, path: str) -> bytes:
    """The bytes of a file, which are checked themselves: the file may change after a check. Raises
    UnusableWeights."""
    try:
        content = find_file(path).read_bytes()
    except OSError as error:
        raise incomplete(engine) from error
    if hashlib.sha256(content).hexdigest() != engine.files[path]:
        raise changed(engine)
    return content


def incomplete(engine: EngineFiles) -> UnusableWeights:
    return UnusableWeights(
        f"{engine.title} is installed without all of its files: {engine.installation}"
    )


def changed(engine: EngineFiles) -> UnusableWeights:
    return UnusableWeights(
        f"{engine.title} has other files than version {engine.version}, so it is not used: "
        f"{engine.installation}"
    )


def find_file(path: str) -> Path:
    """A file of a package. Does not import the package. Raises FileNotFoundError."""
    module, _, rest = path.partition("/")
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(path)
    return Path(next(iter(spec.submodule_search_locations)), rest)
