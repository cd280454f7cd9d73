"""Passkeys (WebAuthn): registration and sign-in, on the origin of `AUDIOBREW_PUBLIC_URL` alone."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
import webauthn
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from webauthn.helpers import parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from audiobrew.account.home.accounts import NewPasskey, count_ways_to_sign_in, insert_passkey
from audiobrew.account.home.challenges import CHALLENGE_BYTES, Challenges
from audiobrew.account.home.passkey_problems import (
    PasskeyNotFound,
    PasskeyRefused,
    TooManyPasskeys,
)
from audiobrew.account.listener_store import BEING_DELETED, lock_listener
from audiobrew.db.account_tables import passkeys
from audiobrew.db.timestamps import utc

CHALLENGE_LIFETIME = timedelta(minutes=5)
MAX_PASSKEYS = 20
SIGN_IN = "sign in"
# What the library raises for answers that no browser sends.
MALFORMED = (WebAuthnException, ValueError, TypeError, LookupError, RecursionError)
Credential = dict[str, Any]  # as browsers send it: PublicKeyCredential.toJSON()


@dataclass(frozen=True, slots=True)
class StoredPasskey:
    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None


class Passkeys:
    """`origin`: the app's address, as browsers sign it, such as `https://brew.example.org`. `issuer`: the
    provider that signs people in as well, if one does."""

    def __init__(self, engine: AsyncEngine, origin: str, issuer: str | None = None) -> None:
        self._engine = engine
        self._issuer = issuer
        self._challenges = Challenges(engine)
        self._origin = origin
        self._relying_party = urlsplit(origin).hostname or ""

    async def registration_options(
        self, purpose: str, name: str, listener: UUID | None = None
    ) -> Credential:
        """Options for `navigator.credentials.create`. `purpose` must be passed to `verify_new` again."""
        existing = await self._credentials(listener) if listener else []
        options = webauthn.generate_registration_options(
            rp_id=self._relying_party,
            rp_name="AudioBrew",
            user_name=name,
            user_display_name=name,
            # Not the listener's id: authenticators show it to whoever holds them.
            user_id=secrets.token_bytes(CHALLENGE_BYTES),
            challenge=await self._challenges.create(purpose, CHALLENGE_LIFETIME),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=id) for id in existing],
        )
        return _as_json(options)

    async def verify_new(self, purpose: str, credential: Credential, name: str) -> NewPasskey:
        """Verify the answer to `registration_options`. Raises PasskeyRefused."""
        challenge = await self._use_challenge(purpose, credential)
        try:
            verified = webauthn.verify_registration_response(
                credential=json.dumps(credential),
                expected_challenge=challenge,
                expected_rp_id=self._relying_party,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except MALFORMED as error:
            raise PasskeyRefused from error
        return NewPasskey(
            verified.credential_id, verified.credential_public_key, verified.sign_count, name
        )

    async def add(self, listener: UUID, passkey: NewPasskey) -> UUID:
        """Raises TooManyPasskeys, PasskeyRefused if it is registered already."""
        own = passkeys.c.listener_id == listener
        try:
            async with self._engine.begin() as database:
                await lock_listener(database, listener)
                count = await database.execute(
                    sa.select(sa.func.count()).select_from(passkeys).where(own)
                )
                if count.scalar_one() >= MAX_PASSKEYS:
                    raise TooManyPasskeys
                return await insert_passkey(database, listener, passkey, datetime.now(UTC))
        except IntegrityError as error:
            raise PasskeyRefused from error

    async def sign_in_options(self) -> Credential:
        """Options for `navigator.credentials.get`. The browser offers its passkeys of this site."""
        options = webauthn.generate_authentication_options(
            rp_id=self._relying_party,
            challenge=await self._challenges.create(SIGN_IN, CHALLENGE_LIFETIME),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return _as_json(options)

    async def sign_in(self, credential: Credential) -> UUID:
        """Verify the answer to `sign_in_options`: whose passkey it is. Raises PasskeyRefused."""
        challenge = await self._use_challenge(SIGN_IN, credential)
        row = await self._find(credential)
        try:
            verified = webauthn.verify_authentication_response(
                credential=json.dumps(credential),
                expected_challenge=challenge,
                expected_rp_id=self._relying_party,
                expected_origin=self._origin,
                credential_public_key=row.public_key,
                credential_current_sign_count=row.sign_count,
                require_user_verification=True,
            )
        except MALFORMED as error:
            raise PasskeyRefused from error
        values = {"sign_count": verified.new_sign_count, "used_at": datetime.now(UTC)}
        async with self._engine.begin() as database:
            await database.execute(passkeys.update().where(passkeys.c.id == row.id).values(values))
        return UUID(str(row.listener_id))

    async def list(self, listener: UUID) -> Sequence[StoredPasskey]:
        """Oldest first."""
        query = (
            passkeys.select()
            .where(passkeys.c.listener_id == listener)
            .order_by(passkeys.c.created_at, passkeys.c.id)
        )
        async with self._engine.connect() as database:
            return [
                StoredPasskey(
                    row.id,
                    row.name,
                    utc(row.created_at),
                    utc(row.used_at) if row.used_at else None,
                )
                for row in await database.execute(query)
            ]

    async def remove(self, listener: UUID, passkey: UUID) -> bool:
        """Returns False, and removes nothing, if it is the only way to sign in. Raises PasskeyNotFound."""
        own = (passkeys.c.listener_id == listener) & (passkeys.c.id == passkey)
        async with self._engine.begin() as database:
            await lock_listener(database, listener)
            ways = await count_ways_to_sign_in(database, listener, self._issuer)
            if not (await database.execute(sa.select(sa.exists().where(own)))).scalar_one():
                raise PasskeyNotFound
            if ways == 1:
                return False
            await database.execute(passkeys.delete().where(own))
        return True

    async def _credentials(self, listener: UUID) -> Sequence[bytes]:
        query = sa.select(passkeys.c.credential).where(passkeys.c.listener_id == listener)
        async with self._engine.connect() as database:
            return (await database.execute(query)).scalars().all()

    async def _find(self, credential: Credential) -> Any:
        try:
            id = webauthn.base64url_to_bytes(credential["rawId"])
        except (KeyError, TypeError, ValueError) as error:
            raise PasskeyRefused from error
        query = passkeys.select().where(
            passkeys.c.credential == id, passkeys.c.listener_id.not_in(BEING_DELETED)
        )
        async with self._engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        if row is None:
            raise PasskeyRefused
        return row

    async def _use_challenge(self, purpose: str, credential: Credential) -> bytes:
        """The challenge that the browser signed, if it was made for this purpose and not used yet.

        Raises PasskeyRefused.
        """
        try:
            data = webauthn.base64url_to_bytes(credential["response"]["clientDataJSON"])
            challenge = parse_client_data_json(data).challenge
        except MALFORMED as error:
            raise PasskeyRefused from error
        if not await self._challenges.use(purpose, challenge):
            raise PasskeyRefused
        return challenge


def _as_json(options: Any) -> Credential:
    parsed: Credential = json.loads(webauthn.options_to_json(options))
    return parsed
