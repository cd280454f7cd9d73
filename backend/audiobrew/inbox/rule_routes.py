"""Endpoints to list and revoke the listener's rules for newsletters."""

from uuid import UUID

from fastapi import APIRouter

from audiobrew.account.current_listener import Listener
from audiobrew.http.body_limit import LimitedRoute
from audiobrew.inbox.dependencies import RuleStoreDep
from audiobrew.inbox.rules import ListenerRule, RuleNotFound
from audiobrew.inbox.schemas import Rule
from audiobrew.problems import SignInNeeded, problems

router = APIRouter(route_class=LimitedRoute, prefix="/api/rules", tags=["rules"])


@router.get("", responses=problems(SignInNeeded))
async def list_rules(listener: Listener, rules: RuleStoreDep) -> list[Rule]:
    """List what you decided about newsletters, newest first.

    `PATCH /api/mail/{id}` makes a rule for each block that you restore or cut, and for a sender that you
    mark.
    """
    return [to_rule(rule) for rule in await rules.list(listener)]


@router.delete("/{id}", status_code=204, responses=problems(SignInNeeded, RuleNotFound))
async def revoke_rule(id: UUID, listener: Listener, rules: RuleStoreDep) -> None:
    """Revoke a rule.

    Mails that are added later are read without it. Mails in the inbox keep their blocks as they are; a sender
    is no longer marked.
    """
    await rules.revoke(listener, id)


def to_rule(rule: ListenerRule) -> Rule:
    return Rule(
        id=rule.id,
        kind=rule.kind,
        sender=rule.sender,
        address=rule.address,
        text=rule.text,
        created_at=rule.created_at,
    )
