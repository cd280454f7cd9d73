"""The mail servers of known providers (`providers.toml`)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

IMAPS_PORT = 993


@dataclass(frozen=True, slots=True)
class Provider:
    """`host` is empty if the provider cannot be read with a password alone; `help` says what to do.
    `is_own_server`: whether the listener runs the server, so that it may be elsewhere."""

    name: str
    host: str
    help: str
    help_url: str
    port: int = IMAPS_PORT
    security: Literal["tls", "starttls"] = "tls"
    is_own_server: bool = False


def find_provider(address: str) -> Provider | None:
    """The provider of an address, by its domain."""
    return _by_domain().get(address.rpartition("@")[2].strip().lower())


@cache
def _by_domain() -> dict[str, Provider]:
    file = Path(__file__).with_name("providers.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return {domain: Provider(**one) for one in table["provider"] for domain in one.pop("domains")}
