"""The first cases of an operation are made to succeed, whatever the seed is."""

import schemathesis
from schemathesis import Case

from tests.contract.fuzz_context import FuzzContext
from tests.contract.fuzz_report import CONTRACT
from tests.contract.fuzz_target import FuzzListener
from tests.contract.guided_cases import FREE_TEXT, ODD, Guide, insert_odd_text, make_well_formed

SCHEMA = schemathesis.openapi.from_path(str(CONTRACT))
ADA = FuzzListener("owner", "0a", "token-a")
THINGS = {
    "mails": ["m1", "m2"],
    "imports": ["i1"],
    "episodes": ["e1"],
    "feed_tokens": ["f1"],
    "rules": ["r1"],
    "pronunciations": ["p1"],
}
CONTEXT = FuzzContext(
    "http://here", {"owner": ADA}, {"owner": THINGS}, {"owner": "secret"}, [], False, 8
)


def case_of(name: str, **values: object) -> Case:
    case: Case = SCHEMA.find_operation_by_id(name).Case(**values)
    return case


def test_cases_are_guided_until_an_operation_has_succeeded_twice() -> None:
    guide, is_guided = Guide(), []

    for status in (404, 200, 409, 303, 200):
        guide.begin("getMail")
        is_guided.append(guide.is_guided)
        guide.record("getMail", status)

    assert is_guided == [True, True, True, True, False]


def test_a_guided_case_uses_the_contracts_example_and_own_things() -> None:
    case = case_of(
        "changePodcast",
        path_parameters={"id": "another's"},
        query={"user_id": "another"},
        body={"cap_usd": 0.01},
        media_type="application/json",
    )

    make_well_formed(case, ADA, CONTEXT)

    assert case.path_parameters == {"id": "e1"} and not case.query
    assert case.body == {"title": "Coffee harvest"}


def test_an_id_in_a_path_is_that_of_a_thing_of_the_right_kind() -> None:
    def ids(name: str, *names: str) -> dict[str, str]:
        case = case_of(name, path_parameters=dict.fromkeys(names, "?"))
        make_well_formed(case, ADA, CONTEXT)
        return dict(case.path_parameters)

    assert ids("getMail", "id") == {"id": "m2"}
    assert ids("getImport", "id") == {"id": "i1"}
    assert ids("revokeFeedToken", "id") == {"id": "f1"}
    assert ids("revokeRule", "id") == {"id": "r1"}
    assert ids("getUser", "user_id") == {"user_id": "0a"}
    assert ids("getFeedAudio", "token", "episode") == {"token": "secret", "episode": "e1"}


def test_the_second_guided_case_has_odd_text_in_free_text_fields() -> None:
    guide, titles = Guide(), []

    for _ in range(2):
        guide.begin("changePodcast")
        case = case_of("changePodcast", body={"title": "Beans"}, media_type="application/json")
        insert_odd_text(case, "changePodcast", guide)
        titles.append(case.body["title"])
        guide.record("changePodcast", 200)

    assert titles[0] == "Beans" and titles[1] in ODD and not titles[1].isascii()


def test_free_text_fields_have_no_format() -> None:
    assert FREE_TEXT["brewPodcast", "application/json"] == {"title", "interests"}
    assert FREE_TEXT["createFeedToken", "application/json"] == {"name"}
    assert FREE_TEXT["setSchedule", "application/json"] == {"interests"}
    assert not FREE_TEXT["uploadMail", "multipart/form-data"]
