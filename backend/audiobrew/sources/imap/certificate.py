"""Certificates of mail servers that no authority vouches for, such as that of Proton Mail Bridge or of a NAS.

A listener may trust one of them, by its fingerprint. Any other certificate is then refused.
"""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Self

MAX_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Certificate:
    """`subject`: whom it names; empty if that cannot be read, as `valid_until` is None then."""

    fingerprint: str
    subject: str
    valid_until: datetime | None

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read a certificate, which may contain anything: it comes from an unknown server."""
        from cryptography import x509  # slow to import
        from cryptography.x509.oid import NameOID

        fingerprint = sha256(content).hexdigest()
        try:
            certificate = x509.load_der_x509_certificate(content)
            names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            subject = str(names[0].value) if names else ""
            valid_until = certificate.not_valid_after_utc.astimezone(UTC)
        except (ValueError, TypeError, OverflowError, x509.InvalidVersion):
            return cls(fingerprint, "", None)
        printable = "".join(character for character in subject if character.isprintable())
        return cls(fingerprint, printable[:MAX_SUBJECT], valid_until)


class UnverifiedContext(ssl.SSLContext):
    """Accepts the certificate with a fingerprint and no other one; without a fingerprint any, in order to
    show it. `certificate` is the last one that a server showed."""

    certificate: bytes = b""
    fingerprint: str | None = None

    @classmethod
    def create(cls, fingerprint: str | None) -> Self:
        context = cls(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.fingerprint = fingerprint
        return context

    def wrap_socket(self, *arguments: Any, **options: Any) -> ssl.SSLSocket:
        """Raises ssl.SSLCertVerificationError, before anything is sent over the connection."""
        connection = super().wrap_socket(*arguments, **options)
        self.certificate = connection.getpeercert(binary_form=True) or b""
        digest = sha256(self.certificate).hexdigest()
        if self.fingerprint is not None and not compare_digest(digest, self.fingerprint):
            connection.close()
            raise ssl.SSLCertVerificationError("another certificate than the trusted one")
        return connection
