"""Where an answer leads: which operations take the id that it gives. Readers follow it, and fuzzers."""

from typing import Any, NamedTuple


class Lead(NamedTuple):
    """From the answer of one operation to a parameter of others."""

    source: str
    status: str
    place: str
    parameter: str
    targets: tuple[str, ...]


OF_AN_EPISODE = (
    *("getPodcast", "changePodcast", "deletePodcast", "cancelPodcast", "retryPodcast"),
    *("getPodcastScript", "followPodcast", "getPodcastAudio", "getPodcastTranscript"),
    "getPodcastChapters",
)
OF_A_MAIL = ("getMail", "changeMail", "deleteMail")
LEADS = (
    Lead("brewPodcast", "202", "/id", "id", OF_AN_EPISODE),
    Lead("listPodcasts", "200", "/0/id", "id", OF_AN_EPISODE),
    Lead("uploadMail", "201", "/mails/0/id", "id", OF_A_MAIL),
    Lead("listMail", "200", "/0/id", "id", OF_A_MAIL),
    Lead("listGmailEmails", "200", "/emails/0/id", "id", OF_A_MAIL),
    Lead("createSession", "201", "/user_id", "user_id", ("getUser", "changeUser")),
    Lead("createFeedToken", "201", "/id", "id", ("revokeFeedToken",)),
    Lead("createFeedToken", "201", "/token", "token", ("getFeed",)),
    Lead("listFeedTokens", "200", "/0/id", "id", ("revokeFeedToken",)),
)


def add_links(spec: dict[str, Any]) -> None:
    """Raises KeyError for an operation or an answer that is not there."""
    operations = {
        operation["operationId"]: operation
        for item in spec["paths"].values()
        for operation in item.values()
    }
    for lead in LEADS:
        links = operations[lead.source]["responses"][lead.status].setdefault("links", {})
        for target in lead.targets:
            links[target] = {
                "operationId": operations[target]["operationId"],
                "parameters": {lead.parameter: f"$response.body#{lead.place}"},
            }
