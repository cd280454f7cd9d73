"""What a Supabase project holds: its keys, users and objects; and its errors, in their two dialects."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import uuid
from dataclasses import dataclass, field

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

UTC = dt.UTC


def now_iso() -> str:
    return dt.datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class AuthError(Exception):
    def __init__(self, status: int, code: str, message: str):
        self.status, self.code, self.message = status, code, message


class StorageError(Exception):
    """Real storage answers HTTP 400 for nearly every error and puts the status into the body."""

    def __init__(self, status_code: str, error: str, message: str, code: str, http: int = 400):
        self.body = {"statusCode": status_code, "error": error, "message": message, "code": code}
        self.http = http


def no_bucket() -> StorageError:
    return StorageError("404", "Bucket not found", "Bucket not found", "NoSuchBucket")


def no_key() -> StorageError:
    return StorageError("404", "not_found", "Object not found", "NoSuchKey")


def refused() -> StorageError:
    return StorageError(
        "403", "Unauthorized", "new row violates row-level security policy", "AccessDenied"
    )


@dataclass
class SigningKey:
    alg: str = "ES256"
    kid: str = field(default_factory=lambda: str(uuid.uuid4()))
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def public_jwk(self) -> dict:
        jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.private.public_key()))
        return {
            **jwk,
            "kid": self.kid,
            "alg": self.alg,
            "use": "sig",
            "key_ops": ["verify"],
            "ext": True,
        }


@dataclass
class User:
    email: str
    password: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    confirmed: bool = True
    banned_until: dt.datetime | None = None
    anonymous: bool = False
    user_metadata: dict = field(default_factory=dict)
    app_metadata: dict = field(
        default_factory=lambda: {"provider": "email", "providers": ["email"]}
    )
    created_at: str = field(default_factory=now_iso)
    updated_at: str = field(default_factory=now_iso)
    last_sign_in_at: str | None = None

    @property
    def banned(self) -> bool:
        return self.banned_until is not None and self.banned_until > dt.datetime.now(UTC)

    def public(self) -> dict:
        out = {
            "id": self.id,
            "aud": "authenticated",
            "role": "authenticated",
            "email": self.email,
            "phone": "",
            "app_metadata": self.app_metadata,
            "user_metadata": self.user_metadata,
            "identities": [
                {
                    "identity_id": str(uuid.uuid5(uuid.UUID(self.id), "identity")),
                    "id": self.id,
                    "user_id": self.id,
                    "identity_data": {"email": self.email, "sub": self.id},
                    "provider": self.app_metadata["provider"],
                    "last_sign_in_at": self.last_sign_in_at,
                    "created_at": self.created_at,
                    "updated_at": self.updated_at,
                }
            ],
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "is_anonymous": self.anonymous,
        }
        if self.banned_until:
            out["banned_until"] = self.banned_until.isoformat()
        if self.confirmed:
            out["email_confirmed_at"] = out["confirmed_at"] = self.created_at
        if self.last_sign_in_at:
            out["last_sign_in_at"] = self.last_sign_in_at
        return out


@dataclass
class StoredObject:
    data: bytes
    mime: str
    cache: str
    owner: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    version: str = field(default_factory=lambda: str(uuid.uuid4()))
    created_at: str = field(default_factory=now_iso)
    updated_at: str = field(default_factory=now_iso)
    meta: dict | None = None

    @property
    def etag(self) -> str:
        return '"' + hashlib.md5(self.data, usedforsecurity=False).hexdigest() + '"'

    @property
    def last_modified(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.updated_at.replace("Z", "+00:00")).replace(
            microsecond=0
        )

    def system(self) -> dict:
        return {
            "eTag": self.etag,
            "size": len(self.data),
            "mimetype": self.mime,
            "cacheControl": self.cache,
            "lastModified": self.last_modified.isoformat(timespec="milliseconds").replace(
                "+00:00", "Z"
            ),
            "contentLength": len(self.data),
            "httpStatusCode": 200,
        }


@dataclass
class Bucket:
    id: str
    public: bool = False
    file_size_limit: int | None = None
    allowed_mime_types: list[str] | None = None
    created_at: str = field(default_factory=now_iso)
    updated_at: str = field(default_factory=now_iso)
    objects: dict[str, StoredObject] = field(default_factory=dict)

    def json(self) -> dict:
        return {
            "id": self.id,
            "name": self.id,
            "owner": "",
            "public": self.public,
            "file_size_limit": self.file_size_limit,
            "allowed_mime_types": self.allowed_mime_types,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }


KEY_OK = re.compile(r"^(\w|/|!|-|\.|\*|'|\(|\)| |&|\$|@|=|;|:|\+|,|\?)*$", re.ASCII)
