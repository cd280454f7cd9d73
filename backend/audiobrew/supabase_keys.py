"""Tells Supabase's keys apart: one is for servers, the other for browsers."""

import base64
import binascii
import json

# The prefixes of Supabase's keys, and the roles in its older keys, which are JSON Web Tokens.
KEY_PREFIXES = {"sb_secret_": "server", "sb_publishable_": "browser"}
ROLES = {"service_role": "server", "supabase_admin": "server", "anon": "browser"}


def check_supabase_keys(publishable_key: str | None, secret_key: str | None) -> None:
    """Raises ValueError, without the keys, if one of them was set in place of the other."""
    if supabase_key_kind(publishable_key or "") == "server":
        raise ValueError(
            "SUPABASE_PUBLISHABLE_KEY is a key for servers, and would be sent to every browser: use the"
            " publishable key, and replace the server key at Supabase if browsers have received it"
        )
    if supabase_key_kind(secret_key or "") == "browser":
        raise ValueError(
            "SUPABASE_SECRET_KEY (or SUPABASE_SERVICE_KEY) is a key for browsers: use a secret key"
        )


def supabase_key_kind(key: str) -> str | None:
    """Who may have this key: `server` or `browser`; None if the key does not show it."""
    for prefix, kind in KEY_PREFIXES.items():
        if key.startswith(prefix):
            return kind
    try:
        claims = json.loads(base64.urlsafe_b64decode(key.split(".")[1] + "=="))
        return ROLES.get(str(claims["role"]))
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error):
        return None
