"""Addresses of a listener's own: `<name>.<token>@<domain>`."""

import re
import secrets
import unicodedata
from hashlib import sha256

# Mail programs may change the case of an address, so one case carries all of the 100 bits.
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH = 20
MAX_NAME = 30
DEFAULT_NAME = "news"
MAX_ADDRESS = 320


def make_local_part(name: str) -> str:
    """A new local part, which begins with what can be written of a name in an address."""
    token = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{written_name(name)}.{token}"


def written_name(name: str) -> str:
    """A name in letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[:MAX_NAME].strip("-") or DEFAULT_NAME


def local_part_of(address: str, domain: str) -> str | None:
    """The local part of an address in this domain, in lower case; None for an address elsewhere."""
    local_part, _, host = address.lower().rpartition("@")
    is_ours = host.rstrip(".") == domain.lower() and len(address) <= MAX_ADDRESS
    return local_part if is_ours and local_part else None


def hash_local_part(local_part: str) -> str:
    return sha256(local_part.encode()).hexdigest()
