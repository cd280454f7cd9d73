"""A stand-in for Google: the consent flow, and Gmail held to its own discovery document."""

from tests.standins.google.app import Google
from tests.standins.google.mailbox import Mailbox

__all__ = ["Google", "Mailbox"]
