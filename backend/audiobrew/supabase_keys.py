"""What a Supabase key is for, as it says of itself: some go to browsers, and some never must."""

import base64
import binascii
import json

KINDS = {"sb_secret_": "server", "sb_publishable_": "browser"}
ROLES = {"service_role": "server", "supabase_admin": "server", "anon": "browser"}
"""Of the older keys, which are signed tokens."""


def check_keys(browsers: str | None, servers: str | None) -> None:
    """Raises ValueError, in words and without a key, for one that is in the other's place."""
    if meant_for(browsers or "") == "server":
        raise ValueError(
            "SUPABASE_PUBLISHABLE_KEY is a key for servers, and would be sent to every browser: take the"
            " publishable key, and have the other one replaced if it was ever used like this"
        )
    if meant_for(servers or "") == "browser":
        raise ValueError(
            "SUPABASE_SECRET_KEY (or SUPABASE_SERVICE_KEY) is a key for browsers: take a secret key"
        )


def meant_for(key: str) -> str | None:
    """`server` or `browser`; None for a key that does not say."""
    for beginning, kind in KINDS.items():
        if key.startswith(beginning):
            return kind
    return ROLES.get(_role(key))


def _role(key: str) -> str:
    parts = key.split(".")
    try:
        told = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
        return str(told["role"])
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error):
        return ""
