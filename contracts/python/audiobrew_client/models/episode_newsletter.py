from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.left_out import LeftOut, check_left_out
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.earlier_sentence import EarlierSentence


T = TypeVar("T", bound="EpisodeNewsletter")


@_attrs_define
class EpisodeNewsletter:
    """A newsletter that an episode was ordered from."""

    mail_id: UUID
    sender: str
    subject: str
    told: bool | None
    """ Whether at least one sentence comes from it. Null until the episode is ready. """
    left_out: LeftOut | None
    """ Why it is not told: `time` (there was no time left; it comes first in the next order), `language` (the voice
    does not speak its language), `empty` (it has nothing to tell) or `refused` (the gate dropped every sentence
    about it). """
    repeat_of: EarlierSentence | None | Unset = UNSET
    """ Where an earlier episode told what it says, if there is nothing new in it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.earlier_sentence import EarlierSentence  # noqa: PLC0415

        mail_id = str(self.mail_id)

        sender = self.sender

        subject = self.subject

        told: bool | None
        told = self.told

        left_out: None | str
        if isinstance(self.left_out, str):
            left_out = self.left_out
        else:
            left_out = self.left_out

        repeat_of: dict[str, Any] | None | Unset
        if isinstance(self.repeat_of, Unset):
            repeat_of = UNSET
        elif isinstance(self.repeat_of, EarlierSentence):
            repeat_of = self.repeat_of.to_dict()
        else:
            repeat_of = self.repeat_of

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "mail_id": mail_id,
                "sender": sender,
                "subject": subject,
                "told": told,
                "left_out": left_out,
            }
        )
        if repeat_of is not UNSET:
            field_dict["repeat_of"] = repeat_of

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.earlier_sentence import EarlierSentence  # noqa: PLC0415

        d = dict(src_dict)
        mail_id = UUID(d.pop("mail_id"))

        sender = d.pop("sender")

        subject = d.pop("subject")

        def _parse_told(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        told = _parse_told(d.pop("told"))

        def _parse_left_out(data: object) -> LeftOut | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                left_out_type_0 = check_left_out(data)

                return left_out_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LeftOut | None, data)

        left_out = _parse_left_out(d.pop("left_out"))

        def _parse_repeat_of(data: object) -> EarlierSentence | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                repeat_of_type_0 = EarlierSentence.from_dict(data)

                return repeat_of_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EarlierSentence | None | Unset, data)

        repeat_of = _parse_repeat_of(d.pop("repeat_of", UNSET))

        episode_newsletter = cls(
            mail_id=mail_id,
            sender=sender,
            subject=subject,
            told=told,
            left_out=left_out,
            repeat_of=repeat_of,
        )

        episode_newsletter.additional_properties = d
        return episode_newsletter

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
