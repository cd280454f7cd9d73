"""Every package that the lock files name has a licence that is allowed, and the README names the others."""

import json
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from audiobrew.audio.local import weights
from audiobrew.audio.local.kokoro import STYLES

ROOT = Path(__file__).parents[1]
LICENCES: dict[str, Any] = tomllib.loads((ROOT / "scripts" / "licences.toml").read_text("utf-8"))
LOCKED = {
    package["name"]: package
    for package in tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
}
PACKAGE_LOCKS = ["frontend-client/package-lock.json", "contracts/package-lock.json"]


def is_allowed(package: str, expression: str) -> bool:
    """Of an SPDX expression of AND and OR, without nesting."""
    exceptions = {**LICENCES["tools"], **LICENCES["product"]}
    allowed = {*LICENCES["permissive"], exceptions.get(package)}
    return any(
        allowed.issuperset(choice.split(" AND ")) for choice in expression.strip("()").split(" OR ")
    )


def needed_by_the_product() -> set[str]:
    """The names of what `audiobrew` depends on, whatever the machine, with its extras."""
    visited: set[tuple[str, str | None]] = set()
    pending: list[tuple[str, str | None]] = [
        ("audiobrew", None),
        ("audiobrew", "hearing"),
        ("audiobrew", "voices"),
    ]
    while pending:
        name, extra = pending.pop()
        if (name, extra) in visited:
            continue
        visited.add((name, extra))
        package = LOCKED[name]
        optional = package.get("optional-dependencies", {})
        for other in optional.get(extra, []) if extra else package.get("dependencies", []):
            extras = [None, *other.get("extra", [])]
            pending += [(other["name"], one) for one in extras]
    return {name for name, _ in visited}


def test_every_python_package_has_a_licence_that_is_allowed() -> None:
    assert set(LICENCES["python"]) == set(LOCKED)
    assert not {
        name: licence
        for name, licence in LICENCES["python"].items()
        if not is_allowed(name, licence)
    }


def test_the_licences_are_those_that_the_packages_name_themselves() -> None:
    named = {}
    for name in LOCKED:
        try:
            expression = metadata.metadata(name).get("License-Expression")
        except metadata.PackageNotFoundError:
            continue
        if expression:
            named[name] = expression

    assert len(named) > 50
    assert named == {name: LICENCES["python"][name] for name in named}


@pytest.mark.parametrize("lock", PACKAGE_LOCKS)
def test_every_npm_package_has_a_licence_that_is_allowed(lock: str) -> None:
    packages = json.loads((ROOT / lock).read_text("utf-8"))["packages"]
    licences = {
        (name := path.rpartition("node_modules/")[2]): package.get("license")
        or LICENCES["npm"].get(name)
        for path, package in packages.items()
        if path
    }

    assert len(licences) > 20
    assert not {
        name: licence
        for name, licence in licences.items()
        if not licence or not is_allowed(name, licence)
    }


def test_what_is_for_tools_alone_is_not_needed_by_the_product() -> None:
    assert not needed_by_the_product() & set(LICENCES["tools"])
    assert len(needed_by_the_product()) > 90


def test_the_readme_names_what_is_not_permissive() -> None:
    readme = (ROOT / "README.md").read_text("utf-8").partition("\nMIT licence.")[2]

    for name, licence in [*LICENCES["product"].items(), *LICENCES["bundled"].items()]:
        [line] = [line for line in readme.splitlines() if f"| `{name}` |" in line]
        assert licence in line


def test_the_voices_that_are_shipped_have_their_licence_beside_them() -> None:
    styles = Path(weights.__file__).parent / STYLES
    licence = styles.with_suffix(".LICENSE").read_text("utf-8")

    assert styles.is_file()
    assert "hexgrad" in licence and "AudioBrew changed them" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
