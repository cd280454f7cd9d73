"""Requests as deploy/cloudflare-email-worker.js sends them."""

import hmac
import time
from typing import Any

SECRET = "a secret of the worker"
Request = dict[str, Any]


def cloudflare(address: str, mail: bytes, secret: str = SECRET, at: int | None = None) -> Request:
    timestamp = str(int(time.time()) if at is None else at)
    signed = f"{timestamp}\n{address}\n".encode() + mail
    headers = {
        "Content-Type": "message/rfc822",
        "X-Timestamp": timestamp,
        "X-Recipient": address,
        "X-Signature": hmac.new(secret.encode(), signed, "sha256").hexdigest(),
    }
    return {"url": "/api/inbound/cloudflare", "content": mail, "headers": headers}
