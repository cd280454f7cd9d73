"""The first cases of an operation are made to succeed, whatever a seed draws."""

import schemathesis
from schemathesis import Case

from tests.contract.fuzz_context import Told
from tests.contract.fuzz_report import CONTRACT
from tests.contract.fuzz_target import Own
from tests.contract.guided_cases import FREE_TEXT, ODD, Chance, say_oddly, well_formed

SCHEMA = schemathesis.openapi.from_path(str(CONTRACT))
ADA = Own("owner", "0a", "token-a")
THINGS = {"mails": ["m1", "m2"], "episodes": ["e1"], "feed_tokens": ["f1"]}
TOLD = Told("http://here", {"owner": ADA}, {"owner": THINGS}, {"owner": "secret"}, [], False, 8)


def case_of(name: str, **drawn: object) -> Case:
    case: Case = SCHEMA.find_operation_by_id(name).Case(**drawn)
    return case


def test_nothing_is_left_to_chance_until_an_operation_has_succeeded_twice() -> None:
    chance, certain = Chance(), []

    for status in (404, 200, 409, 303, 200):
        chance.turn("getMail")
        certain.append(chance.certain)
        chance.told("getMail", status)

    assert certain == [True, True, True, True, False]


def test_a_well_formed_case_is_the_contracts_example_of_ones_own_things() -> None:
    case = case_of(
        "changePodcast",
        path_parameters={"id": "another's"},
        query={"user_id": "another"},
        body={"cap_usd": 0.01},
        media_type="application/json",
    )

    well_formed(case, ADA, TOLD)

    assert case.path_parameters == {"id": "e1"} and not case.query
    assert case.body == {"title": "Coffee harvest"}


def test_every_id_in_a_path_is_of_its_own_kind() -> None:
    def ids(name: str, *names: str) -> dict[str, str]:
        case = case_of(name, path_parameters=dict.fromkeys(names, "?"))
        well_formed(case, ADA, TOLD)
        return dict(case.path_parameters)

    assert ids("getMail", "id") == {"id": "m2"}
    assert ids("revokeFeedToken", "id") == {"id": "f1"}
    assert ids("getUser", "user_id") == {"user_id": "0a"}
    assert ids("getFeedAudio", "token", "episode") == {"token": "secret", "episode": "e1"}


def test_the_second_certain_case_says_something_odd_where_text_is_free() -> None:
    chance, titles = Chance(), []

    for _ in range(2):
        chance.turn("changePodcast")
        case = case_of("changePodcast", body={"title": "Beans"}, media_type="application/json")
        say_oddly(case, "changePodcast", chance)
        titles.append(case.body["title"])
        chance.told("changePodcast", 200)

    assert titles[0] == "Beans" and titles[1] in ODD and not titles[1].isascii()


def test_free_text_is_what_has_no_form_of_its_own() -> None:
    assert FREE_TEXT["brewPodcast", "application/json"] == {"title"}
    assert FREE_TEXT["createFeedToken", "application/json"] == {"name"}
    assert not FREE_TEXT["setSchedule", "application/json"]
    assert not FREE_TEXT["uploadMail", "multipart/form-data"]
