from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.new_account_passkey_type_0 import NewAccountPasskeyType0
    from ..models.provider_sign_in import ProviderSignIn


T = TypeVar("T", bound="NewAccount")


@_attrs_define
class NewAccount:
    """A new account. It needs a password, a passkey, or an account at the provider."""

    code: str
    name: str
    password: None | str | Unset = UNSET
    passkey: NewAccountPasskeyType0 | None | Unset = UNSET
    """ The browser's `PublicKeyCredential`, as its `toJSON()` returns it. """
    passkey_name: str | Unset = ""
    provider: None | ProviderSignIn | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.new_account_passkey_type_0 import NewAccountPasskeyType0  # noqa: PLC0415
        from ..models.provider_sign_in import ProviderSignIn  # noqa: PLC0415

        code = self.code

        name = self.name

        password: None | str | Unset
        if isinstance(self.password, Unset):
            password = UNSET
        else:
            password = self.password

        passkey: dict[str, Any] | None | Unset
        if isinstance(self.passkey, Unset):
            passkey = UNSET
        elif isinstance(self.passkey, NewAccountPasskeyType0):
            passkey = self.passkey.to_dict()
        else:
            passkey = self.passkey

        passkey_name = self.passkey_name

        provider: dict[str, Any] | None | Unset
        if isinstance(self.provider, Unset):
            provider = UNSET
        elif isinstance(self.provider, ProviderSignIn):
            provider = self.provider.to_dict()
        else:
            provider = self.provider

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "code": code,
                "name": name,
            }
        )
        if password is not UNSET:
            field_dict["password"] = password
        if passkey is not UNSET:
            field_dict["passkey"] = passkey
        if passkey_name is not UNSET:
            field_dict["passkey_name"] = passkey_name
        if provider is not UNSET:
            field_dict["provider"] = provider

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.new_account_passkey_type_0 import NewAccountPasskeyType0  # noqa: PLC0415
        from ..models.provider_sign_in import ProviderSignIn  # noqa: PLC0415

        d = dict(src_dict)
        code = d.pop("code")

        name = d.pop("name")

        def _parse_password(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        password = _parse_password(d.pop("password", UNSET))

        def _parse_passkey(data: object) -> NewAccountPasskeyType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                passkey_type_0 = NewAccountPasskeyType0.from_dict(data)

                return passkey_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(NewAccountPasskeyType0 | None | Unset, data)

        passkey = _parse_passkey(d.pop("passkey", UNSET))

        passkey_name = d.pop("passkey_name", UNSET)

        def _parse_provider(data: object) -> None | ProviderSignIn | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                provider_type_0 = ProviderSignIn.from_dict(data)

                return provider_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ProviderSignIn | Unset, data)

        provider = _parse_provider(d.pop("provider", UNSET))

        new_account = cls(
            code=code,
            name=name,
            password=password,
            passkey=passkey,
            passkey_name=passkey_name,
            provider=provider,
        )

        return new_account
