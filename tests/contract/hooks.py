"""What schemathesis cannot know of AudioBrew: told to it case by case, and checked besides.

It loads this module by the variable SCHEMATHESIS_HOOKS; `fuzz_context.py` says what of the run is told here.
"""

from typing import Any
from uuid import uuid4

import httpx2
import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response

from tests.contract.fuzz_target import Own
from tests.contract.guided_cases import say_oddly, well_formed
from tests.contract.preconditions import FILLED_IN, TOLD, as_it_is, chance, remember

FEW_ZONES = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"]
UNDECLARED = "x-schemathesis-unknown-property"
LEFT_BY = {"deleteMail", "deletePodcast"}
"""What these delete has an address, which must be empty afterwards."""


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    """Every zone of the world is tried in a body otherwise, which are 1200 cases of 3200."""
    schemas = raw_schema["components"]["schemas"]
    assert set(FEW_ZONES) <= set(schemas["Zone"]["enum"])
    for name in ("PreferenceChanges", "ScheduleRequest"):
        zone = schemas[name]["properties"]["zone"]
        assert zone.pop("$ref") == "#/components/schemas/Zone"
        zone |= {"type": "string", "enum": FEW_ZONES}


@schemathesis.hook
def filter_case(context: HookContext, case: Case) -> bool:
    """A header that nobody declared is no fault of a request: proxies add what they like."""
    return UNDECLARED not in (case.headers or {})


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """What was there stays, brews stay few, and what only AudioBrew can make up is filled in."""
    if case.method.upper() != case.operation.method.upper():
        return
    if case.meta is None or case.meta.generation.mode.is_positive:
        fill_in(case, operation_id(case))
    else:
        keep(case)


def fill_in(case: Case, name: str) -> None:
    """`keep` comes after what chooses among things that stay, and before what aims at new ones."""
    own = TOLD.listener(case.auth_identity)
    chance.turn(name)
    if chance.certain:
        well_formed(case, own or TOLD.first, TOLD)
    elif own:
        in_their_own_name(case, own)
    keep(case)
    say_oddly(case, name, chance)
    if own:
        FILLED_IN.get(name, as_it_is)(case, own)


@schemathesis.hook
def after_call(context: HookContext, case: Case, response: Response) -> None:
    if case.method.upper() == case.operation.method.upper():
        chance.told(operation_id(case), response.status_code)
        remember(operation_id(case), case, response)


@schemathesis.deserializer("application/json+chapters")
def chapters(context: Any, response: Response) -> Any:
    return response.json()


@schemathesis.check
def anothers_thing(ctx: CheckContext, response: Response, case: Case) -> None:
    """Whoever names a thing of the other listener's gets nothing, neither read nor written."""
    others = TOLD.of_others(case.auth_identity)
    named = {str(value).lower() for value in (case.path_parameters or {}).values()} & others
    if named and case.auth_identity and case.operation.definition.raw.get("security"):
        assert response.status_code >= 400, f"{case.auth_identity} reached another's {named}"


@schemathesis.check
def gone_is_gone(ctx: CheckContext, response: Response, case: Case) -> None:
    """What a listener deleted is not there any more."""
    own = TOLD.listener(case.auth_identity)
    if own and operation_id(case) in LEFT_BY and response.status_code == httpx2.codes.NO_CONTENT:
        with own.at(TOLD.url) as client:
            answer = client.get(case.formatted_path)
        assert answer.status_code == httpx2.codes.NOT_FOUND, f"deleted, yet {answer.status_code}"


def operation_id(case: Case) -> str:
    return str(case.operation.definition.raw["operationId"])


def keep(case: Case) -> None:
    """Aim elsewhere what would delete a thing that stays; on a deployed host, what would change it."""
    if case.method == "DELETE" or (TOLD.deployed and case.method != "GET"):
        for name, value in (case.path_parameters or {}).items():
            if str(value).lower() in TOLD.stays:
                case.path_parameters[name] = str(uuid4())


def in_their_own_name(case: Case, own: Own) -> None:
    """Three of four times; the fourth names whomever it likes."""
    if chance.often():
        for container in (case.query, case.path_parameters):
            for name, value in (container or {}).items():
                container[name] = own.id if name == "user_id" else TOLD.instead(value, own)
