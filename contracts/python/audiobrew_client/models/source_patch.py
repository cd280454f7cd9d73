from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="SourcePatch")


@_attrs_define
class SourcePatch:
    """Changes to a source. Omitted fields stay."""

    name: None | str | Unset = UNSET
    password: None | str | Unset = UNSET
    asks_for_senders: bool | None | Unset = UNSET
    """ Of an own address: whether you are asked about new senders. """
    label: Literal[""] | None | str | Unset = UNSET
    """ Of Gmail: the id of the label to read. Empty for the label named AudioBrew. """
    certificate_sha256: Literal[""] | None | str | Unset = UNSET
    """ Of a mailbox: the fingerprint of the only certificate to trust. Empty for those that are valid for the name
    of its server. """
    paused: bool | None | Unset = UNSET
    """ Whether you want no more looks. An own address cannot be paused. """

    def to_dict(self) -> dict[str, Any]:
        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        password: None | str | Unset
        if isinstance(self.password, Unset):
            password = UNSET
        else:
            password = self.password

        asks_for_senders: bool | None | Unset
        if isinstance(self.asks_for_senders, Unset):
            asks_for_senders = UNSET
        else:
            asks_for_senders = self.asks_for_senders

        label: Literal[""] | None | str | Unset
        if isinstance(self.label, Unset):
            label = UNSET
        else:
            label = self.label

        certificate_sha256: Literal[""] | None | str | Unset
        if isinstance(self.certificate_sha256, Unset):
            certificate_sha256 = UNSET
        else:
            certificate_sha256 = self.certificate_sha256

        paused: bool | None | Unset
        if isinstance(self.paused, Unset):
            paused = UNSET
        else:
            paused = self.paused

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if password is not UNSET:
            field_dict["password"] = password
        if asks_for_senders is not UNSET:
            field_dict["asks_for_senders"] = asks_for_senders
        if label is not UNSET:
            field_dict["label"] = label
        if certificate_sha256 is not UNSET:
            field_dict["certificate_sha256"] = certificate_sha256
        if paused is not UNSET:
            field_dict["paused"] = paused

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_password(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        password = _parse_password(d.pop("password", UNSET))

        def _parse_asks_for_senders(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        asks_for_senders = _parse_asks_for_senders(d.pop("asks_for_senders", UNSET))

        def _parse_label(data: object) -> Literal[""] | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            label_type_1 = cast(Literal[""], data)
            if label_type_1 != "":
                raise ValueError(f"label_type_1 must match const '', got '{label_type_1}'")
            return label_type_1
            return cast(Literal[""] | None | str | Unset, data)

        label = _parse_label(d.pop("label", UNSET))

        def _parse_certificate_sha256(data: object) -> Literal[""] | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            certificate_sha256_type_1 = cast(Literal[""], data)
            if certificate_sha256_type_1 != "":
                raise ValueError(f"certificate_sha256_type_1 must match const '', got '{certificate_sha256_type_1}'")
            return certificate_sha256_type_1
            return cast(Literal[""] | None | str | Unset, data)

        certificate_sha256 = _parse_certificate_sha256(d.pop("certificate_sha256", UNSET))

        def _parse_paused(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        paused = _parse_paused(d.pop("paused", UNSET))

        source_patch = cls(
            name=name,
            password=password,
            asks_for_senders=asks_for_senders,
            label=label,
            certificate_sha256=certificate_sha256,
            paused=paused,
        )

        return source_patch
