"""Hooks that adapt the cases of Schemathesis to AudioBrew, and additional checks.

Schemathesis loads this module because of the variable SCHEMATHESIS_HOOKS. `fuzz_context.py` provides what the
hooks know about the run.
"""

from typing import Any
from uuid import uuid4

import httpx2
import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response

from tests.contract.fuzz_target import FuzzListener
from tests.contract.guided_cases import insert_odd_text, make_well_formed
from tests.contract.preconditions import CONTEXT, PREPARATIONS, guide, leave_unchanged, remember

FEW_ZONES = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"]
UNKNOWN_HEADER = "x-schemathesis-unknown-property"
# Things that these operations delete can be requested afterwards, and must not be found.
DELETING_OPERATIONS = {"deleteMail", "deleteImport", "deletePodcast"}


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    """Use only a few time zones. Otherwise each of them would be tried in a body: 1200 of 3200 cases."""
    schemas = raw_schema["components"]["schemas"]
    assert set(FEW_ZONES) <= set(schemas["Zone"]["enum"])
    for name in ("PreferenceChanges", "ScheduleRequest"):
        zone = schemas[name]["properties"]["zone"]
        assert zone.pop("$ref") == "#/components/schemas/Zone"
        zone |= {"type": "string", "enum": FEW_ZONES}


@schemathesis.hook
def filter_case(context: HookContext, case: Case) -> bool:
    """Skip cases with an undeclared header. It does not make a request invalid: proxies add headers, too."""
    return UNKNOWN_HEADER not in (case.headers or {})


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Protect existing things, limit the number of brews, and fill in values that only the service issues."""
    if case.method.upper() != case.operation.method.upper():
        return
    if case.meta is None or case.meta.generation.mode.is_positive:
        prepare(case, operation_id(case))
    else:
        protect(case)


def prepare(case: Case, name: str) -> None:
    """Prepare a valid case. `protect` comes after the steps that choose existing things, and before those
    that create new ones."""
    listener = CONTEXT.listener(case.auth_identity)
    guide.begin(name)
    if guide.is_guided:
        make_well_formed(case, listener or CONTEXT.first_listener, CONTEXT)
    elif listener:
        use_own_things(case, listener)
    protect(case)
    insert_odd_text(case, name, guide)
    if listener:
        PREPARATIONS.get(name, leave_unchanged)(case, listener)


@schemathesis.hook
def after_call(context: HookContext, case: Case, response: Response) -> None:
    if case.method.upper() == case.operation.method.upper():
        guide.record(operation_id(case), response.status_code)
        remember(operation_id(case), case, response)


@schemathesis.deserializer("application/json+chapters")
def chapters(context: Any, response: Response) -> Any:
    return response.json()


@schemathesis.check
def no_access_to_other_listeners(ctx: CheckContext, response: Response, case: Case) -> None:
    """A request with the id of another listener's thing is refused, whether it reads or writes."""
    parameters = {str(value).lower() for value in (case.path_parameters or {}).values()}
    foreign_ids = parameters & CONTEXT.foreign_ids(case.auth_identity)
    if foreign_ids and case.auth_identity and case.operation.definition.raw.get("security"):
        assert response.status_code >= 400, f"{case.auth_identity} had access to {foreign_ids}"


@schemathesis.check
def not_found_after_deletion(ctx: CheckContext, response: Response, case: Case) -> None:
    """What a listener deleted is not found any more."""
    listener = CONTEXT.listener(case.auth_identity)
    is_deletion = operation_id(case) in DELETING_OPERATIONS
    if listener and is_deletion and response.status_code == httpx2.codes.NO_CONTENT:
        with listener.client(CONTEXT.url) as client:
            later = client.get(case.formatted_path)
        assert later.status_code == httpx2.codes.NOT_FOUND, f"deleted, but {later.status_code}"


def operation_id(case: Case) -> str:
    return str(case.operation.definition.raw["operationId"])


def protect(case: Case) -> None:
    """Replace the id of a protected thing if the case would delete it, or change it in a deployed service."""
    if case.method == "DELETE" or (CONTEXT.is_deployed and case.method != "GET"):
        for name, value in (case.path_parameters or {}).items():
            if str(value).lower() in CONTEXT.all_protected_ids:
                case.path_parameters[name] = str(uuid4())


def use_own_things(case: Case, listener: FuzzListener) -> None:
    """In three of four cases, replace ids of the other listener by the listener's own."""
    if guide.often():
        for container in (case.query, case.path_parameters):
            for name, value in (container or {}).items():
                container[name] = (
                    listener.id
                    if name == "user_id"
                    else CONTEXT.replace_foreign_id(value, listener)
                )
