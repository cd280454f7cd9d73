from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="PronunciationRequest")


@_attrs_define
class PronunciationRequest:
    """A word, and what a voice should read in its place."""

    word: str
    """ A word or a few, as newsletters write them. Upper and lower case are equal. """
    say: str
    """ How it sounds, spelled as an ordinary word: `Win` for Nguyen. """

    def to_dict(self) -> dict[str, Any]:
        word = self.word

        say = self.say

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "word": word,
                "say": say,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        word = d.pop("word")

        say = d.pop("say")

        pronunciation_request = cls(
            word=word,
            say=say,
        )

        return pronunciation_request
