"""Checks that a request comes from a mail provider.

`cryptography` is slow to import, so it is imported inside functions.
"""

import base64
import binascii
import hmac
from datetime import UTC, datetime


def is_hmac(key: str, message: bytes, digest: str) -> bool:
    """Whether this is the HMAC-SHA256 of a message, in hex."""
    expected = hmac.new(key.encode(), message, "sha256").hexdigest()
    return hmac.compare_digest(expected.encode(), digest.strip().lower().encode())


def is_login(header: str, login: str) -> bool:
    """Whether an `Authorization` header has this name and password (`name:password`)."""
    scheme, _, value = header.partition(" ")
    credentials = decode_base64(value.strip()) if scheme.lower() == "basic" else b""
    return hmac.compare_digest(credentials, login.encode())


def is_ecdsa(public_key: str, message: bytes, signature: str) -> bool:
    """Whether this is a signature of a message; both the signature and the key (DER) are in base64."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        key = serialization.load_der_public_key(decode_base64(public_key))
        assert isinstance(key, ec.EllipticCurvePublicKey)
        key.verify(decode_base64(signature), message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def is_elliptic_key(public_key: str) -> bool:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        key = serialization.load_der_public_key(decode_base64(public_key))
    except ValueError:
        return False
    return isinstance(key, ec.EllipticCurvePublicKey)


def is_signed_by(certificate: bytes, version: str, message: bytes, signature: str) -> bool:
    """Whether a certificate (PEM) that is valid now signed a message of Amazon SNS."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    # Amazon's versions of signatures.
    algorithms: dict[str, hashes.HashAlgorithm] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303
    algorithm = algorithms.get(version)
    if algorithm is None:
        return False
    try:
        loaded = x509.load_pem_x509_certificate(certificate)
        if not loaded.not_valid_before_utc <= datetime.now(UTC) <= loaded.not_valid_after_utc:
            return False
        key = loaded.public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        key.verify(decode_base64(signature), message, padding.PKCS1v15(), algorithm)
    except (InvalidSignature, ValueError):
        return False
    return True


def decode_base64(text: str) -> bytes:
    """Empty if it is not base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
