from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.newsletter_source_kind import NewsletterSourceKind, check_newsletter_source_kind
from ..models.newsletter_source_state import NewsletterSourceState, check_newsletter_source_state

if TYPE_CHECKING:
    from ..models.mailbox_server import MailboxServer
    from ..models.new_sender import NewSender
    from ..models.source_confirmation import SourceConfirmation


T = TypeVar("T", bound="NewsletterSource")


@_attrs_define
class NewsletterSource:
    """Where mails come from, and how the last look at it went."""

    id: UUID
    kind: NewsletterSourceKind
    name: str
    address: str
    """ The mailbox's user and folder, the address of a Gmail mailbox, the feed's URL, or the address at which
    newsletters arrive. The last one is secret: who knows it can send you newsletters. Empty if the server lost its
    key. """
    state: NewsletterSourceState
    """ `trouble`: the last look failed, and the next one may succeed. `stopped`: there are no more looks until you
    change the source, or ask for one. `paused`: you want no more looks. """
    message: str
    """ The state in a sentence, for the listener. """
    trouble_type: None | str
    """ The type of the problem of the last look. """
    mails: int
    """ Newsletters that came from it. """
    new_mails: int
    """ Newsletters that the last look found. """
    position: int
    """ Mails that a long look has looked at so far. """
    total: int
    """ Of this many; 0 if no long look goes on. """
    server: MailboxServer | None
    """ The mail server of a mailbox. """
    label: None | str
    """ The id of the label that is read; null for the one named AudioBrew, and without Gmail. """
    asks_for_senders: bool
    """ Whether new senders of an own address wait for you in `new_senders`. """
    confirmations: list[SourceConfirmation]
    """ What emails to an own address ask you to confirm, in the last 14 days. """
    new_senders: list[NewSender]
    """ The first 50 senders that wait for you. """
    looked_at: datetime.datetime | None
    succeeded_at: datetime.datetime | None
    """ When a look last succeeded, or an email last arrived at an own address. """
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.mailbox_server import MailboxServer  # noqa: PLC0415

        id = str(self.id)

        kind: str = self.kind

        name = self.name

        address = self.address

        state: str = self.state

        message = self.message

        trouble_type: None | str
        trouble_type = self.trouble_type

        mails = self.mails

        new_mails = self.new_mails

        position = self.position

        total = self.total

        server: dict[str, Any] | None
        if isinstance(self.server, MailboxServer):
            server = self.server.to_dict()
        else:
            server = self.server

        label: None | str
        label = self.label

        asks_for_senders = self.asks_for_senders

        confirmations = []
        for confirmations_item_data in self.confirmations:
            confirmations_item = confirmations_item_data.to_dict()
            confirmations.append(confirmations_item)

        new_senders = []
        for new_senders_item_data in self.new_senders:
            new_senders_item = new_senders_item_data.to_dict()
            new_senders.append(new_senders_item)

        looked_at: None | str
        if isinstance(self.looked_at, datetime.datetime):
            looked_at = self.looked_at.isoformat()
        else:
            looked_at = self.looked_at

        succeeded_at: None | str
        if isinstance(self.succeeded_at, datetime.datetime):
            succeeded_at = self.succeeded_at.isoformat()
        else:
            succeeded_at = self.succeeded_at

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "name": name,
                "address": address,
                "state": state,
                "message": message,
                "trouble_type": trouble_type,
                "mails": mails,
                "new_mails": new_mails,
                "position": position,
                "total": total,
                "server": server,
                "label": label,
                "asks_for_senders": asks_for_senders,
                "confirmations": confirmations,
                "new_senders": new_senders,
                "looked_at": looked_at,
                "succeeded_at": succeeded_at,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.mailbox_server import MailboxServer  # noqa: PLC0415
        from ..models.new_sender import NewSender  # noqa: PLC0415
        from ..models.source_confirmation import SourceConfirmation  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        kind = check_newsletter_source_kind(d.pop("kind"))

        name = d.pop("name")

        address = d.pop("address")

        state = check_newsletter_source_state(d.pop("state"))

        message = d.pop("message")

        def _parse_trouble_type(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        trouble_type = _parse_trouble_type(d.pop("trouble_type"))

        mails = d.pop("mails")

        new_mails = d.pop("new_mails")

        position = d.pop("position")

        total = d.pop("total")

        def _parse_server(data: object) -> MailboxServer | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                server_type_0 = MailboxServer.from_dict(data)

                return server_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MailboxServer | None, data)

        server = _parse_server(d.pop("server"))

        def _parse_label(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        label = _parse_label(d.pop("label"))

        asks_for_senders = d.pop("asks_for_senders")

        confirmations = []
        _confirmations = d.pop("confirmations")
        for confirmations_item_data in _confirmations:
            confirmations_item = SourceConfirmation.from_dict(confirmations_item_data)

            confirmations.append(confirmations_item)

        new_senders = []
        _new_senders = d.pop("new_senders")
        for new_senders_item_data in _new_senders:
            new_senders_item = NewSender.from_dict(new_senders_item_data)

            new_senders.append(new_senders_item)

        def _parse_looked_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                looked_at_type_0 = datetime.datetime.fromisoformat(data)

                return looked_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        looked_at = _parse_looked_at(d.pop("looked_at"))

        def _parse_succeeded_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                succeeded_at_type_0 = datetime.datetime.fromisoformat(data)

                return succeeded_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        succeeded_at = _parse_succeeded_at(d.pop("succeeded_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        newsletter_source = cls(
            id=id,
            kind=kind,
            name=name,
            address=address,
            state=state,
            message=message,
            trouble_type=trouble_type,
            mails=mails,
            new_mails=new_mails,
            position=position,
            total=total,
            server=server,
            label=label,
            asks_for_senders=asks_for_senders,
            confirmations=confirmations,
            new_senders=new_senders,
            looked_at=looked_at,
            succeeded_at=succeeded_at,
            created_at=created_at,
        )

        newsletter_source.additional_properties = d
        return newsletter_source

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
