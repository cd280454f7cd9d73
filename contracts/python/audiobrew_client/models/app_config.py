from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.app_config_auth import AppConfigAuth, check_app_config_auth
from ..models.app_config_side import AppConfigSide, check_app_config_side

if TYPE_CHECKING:
    from ..models.app_limits import AppLimits
    from ..models.app_rollout import AppRollout


T = TypeVar("T", bound="AppConfig")


@_attrs_define
class AppConfig:
    """The public configuration: how to sign in, and the limits. Contains no secret."""

    auth: AppConfigAuth
    """ How listeners sign in. """
    accounts: bool
    """ Whether listeners have accounts on this server, with passkeys and passwords (paths under `/api/home`). Then
    `auth` is `local`, because one-time links work as well. """
    needs_owner: bool
    """ Whether this server waits for its owner, who opens the link in its terminal or log. """
    sign_in_provider: None | str
    """ The OpenID Connect provider where people can sign in as well; null if there is none. """
    version: str
    voice: str
    """ Who speaks in English episodes. A quote names the voices of an order. """
    translates: bool
    """ Whether an episode may be in another language than its newsletters. """
    languages: list[str]
    """ The languages that an episode can be ordered in, if the service translates: ISO 639-1. """
    sounds: bool
    """ Whether episodes have short sounds between stories, if a listener has no preference. """
    limits: AppLimits
    """ Limits that the app must respect. """
    side: AppConfigSide
    """ Which of the two sides answered. """
    rollout: AppRollout | None
    """ Which side serves whom; null if there is only one side. """
    gmail: bool
    """ Whether a mailbox can be connected. """
    own_addresses: bool
    """ Whether listeners can have addresses of their own, at which newsletters arrive. """
    supabase_url: None | str
    """ Where to sign in, if `auth` is `supabase`. """
    supabase_key: None | str
    """ Supabase's publishable key, which is meant for browsers. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.app_rollout import AppRollout  # noqa: PLC0415

        auth: str = self.auth

        accounts = self.accounts

        needs_owner = self.needs_owner

        sign_in_provider: None | str
        sign_in_provider = self.sign_in_provider

        version = self.version

        voice = self.voice

        translates = self.translates

        languages = self.languages

        sounds = self.sounds

        limits = self.limits.to_dict()

        side: str = self.side

        rollout: dict[str, Any] | None
        if isinstance(self.rollout, AppRollout):
            rollout = self.rollout.to_dict()
        else:
            rollout = self.rollout

        gmail = self.gmail

        own_addresses = self.own_addresses

        supabase_url: None | str
        supabase_url = self.supabase_url

        supabase_key: None | str
        supabase_key = self.supabase_key

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "auth": auth,
                "accounts": accounts,
                "needs_owner": needs_owner,
                "sign_in_provider": sign_in_provider,
                "version": version,
                "voice": voice,
                "translates": translates,
                "languages": languages,
                "sounds": sounds,
                "limits": limits,
                "side": side,
                "rollout": rollout,
                "gmail": gmail,
                "own_addresses": own_addresses,
                "supabase_url": supabase_url,
                "supabase_key": supabase_key,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.app_limits import AppLimits  # noqa: PLC0415
        from ..models.app_rollout import AppRollout  # noqa: PLC0415

        d = dict(src_dict)
        auth = check_app_config_auth(d.pop("auth"))

        accounts = d.pop("accounts")

        needs_owner = d.pop("needs_owner")

        def _parse_sign_in_provider(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        sign_in_provider = _parse_sign_in_provider(d.pop("sign_in_provider"))

        version = d.pop("version")

        voice = d.pop("voice")

        translates = d.pop("translates")

        languages = cast(list[str], d.pop("languages"))

        sounds = d.pop("sounds")

        limits = AppLimits.from_dict(d.pop("limits"))

        side = check_app_config_side(d.pop("side"))

        def _parse_rollout(data: object) -> AppRollout | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                rollout_type_0 = AppRollout.from_dict(data)

                return rollout_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AppRollout | None, data)

        rollout = _parse_rollout(d.pop("rollout"))

        gmail = d.pop("gmail")

        own_addresses = d.pop("own_addresses")

        def _parse_supabase_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        supabase_url = _parse_supabase_url(d.pop("supabase_url"))

        def _parse_supabase_key(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        supabase_key = _parse_supabase_key(d.pop("supabase_key"))

        app_config = cls(
            auth=auth,
            accounts=accounts,
            needs_owner=needs_owner,
            sign_in_provider=sign_in_provider,
            version=version,
            voice=voice,
            translates=translates,
            languages=languages,
            sounds=sounds,
            limits=limits,
            side=side,
            rollout=rollout,
            gmail=gmail,
            own_addresses=own_addresses,
            supabase_url=supabase_url,
            supabase_key=supabase_key,
        )

        app_config.additional_properties = d
        return app_config

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
