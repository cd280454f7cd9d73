"""Where an answer leads: which operations take the id that it gives. Readers follow it, and fuzzers."""

from typing import Any

OF_AN_EPISODE = (
    *("getPodcast", "changePodcast", "deletePodcast", "cancelPodcast", "retryPodcast"),
    *("getPodcastScript", "followPodcast", "getPodcastAudio", "getPodcastTranscript"),
    "getPodcastChapters",
)
OF_A_MAIL = ("getMail", "changeMail", "deleteMail")
OF_A_LISTENER = ("getUser", "changeUser")
OF_A_SHOW = ("getFeed",)
LINKS: dict[tuple[str, str], tuple[tuple[tuple[str, ...], str, str], ...]] = {
    ("brewPodcast", "202"): ((OF_AN_EPISODE, "id", "$response.body#/id"),),
    ("listPodcasts", "200"): ((OF_AN_EPISODE, "id", "$response.body#/0/id"),),
    ("uploadMail", "201"): ((OF_A_MAIL, "id", "$response.body#/mails/0/id"),),
    ("listMail", "200"): ((OF_A_MAIL, "id", "$response.body#/0/id"),),
    ("createSession", "201"): ((OF_A_LISTENER, "user_id", "$response.body#/user_id"),),
    ("createFeedToken", "201"): (
        (("revokeFeedToken",), "id", "$response.body#/id"),
        (OF_A_SHOW, "token", "$response.body#/token"),
    ),
    ("listFeedTokens", "200"): ((("revokeFeedToken",), "id", "$response.body#/0/id"),),
}
"""From an operation and its answer: to which others, by which parameter, found where."""


def add_links(spec: dict[str, Any]) -> None:
    """Raises KeyError for an operation or an answer that is not there."""
    operations = {
        operation["operationId"]: operation
        for item in spec["paths"].values()
        for operation in item.values()
    }
    for (source, status), leads in LINKS.items():
        operations[source]["responses"][status]["links"] = {
            target: {
                "operationId": operations[target]["operationId"],
                "parameters": {parameter: place},
            }
            for targets, parameter, place in leads
            for target in targets
        }
