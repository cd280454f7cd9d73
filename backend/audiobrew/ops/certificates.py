"""The certificate with which a server of this process encrypts connections."""

import ssl
from pathlib import Path

# What `load_certificate` raises. An ssl.SSLError is an OSError.
CERTIFICATE_ERRORS = (OSError, ValueError)


def load_certificate(certificate: Path, key: Path) -> ssl.SSLContext:
    """Raises one of CERTIFICATE_ERRORS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
