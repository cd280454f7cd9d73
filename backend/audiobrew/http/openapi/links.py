"""OpenAPI links: which operations take an id from a response. Fuzzers follow them."""

from typing import Any, NamedTuple


class Link(NamedTuple):
    """From a place in one operation's response to a parameter of other operations."""

    source: str
    status: str
    pointer: str
    parameter: str
    targets: tuple[str, ...]


EPISODE_OPERATIONS = (
    *("getPodcast", "changePodcast", "deletePodcast", "cancelPodcast", "retryPodcast"),
    *("getPodcastScript", "followPodcast", "getPodcastAudio", "getPodcastTranscript"),
    *("getPodcastChapters", "getPodcastCover", "changeSentence", "speakPodcast"),
    "setPlayback",
)
MAIL_OPERATIONS = ("getMail", "changeMail", "deleteMail")
IMPORT_OPERATIONS = ("getImport", "uploadImportPart", "cancelImport", "deleteImport")
LINKS = (
    Link("brewPodcast", "202", "/id", "id", EPISODE_OPERATIONS),
    Link("listPodcasts", "200", "/0/id", "id", EPISODE_OPERATIONS),
    Link("getQueue", "200", "/0/id", "id", EPISODE_OPERATIONS),
    Link("uploadMail", "201", "/mails/0/id", "id", MAIL_OPERATIONS),
    Link("listMail", "200", "/0/id", "id", MAIL_OPERATIONS),
    Link("listRules", "200", "/0/id", "id", ("revokeRule",)),
    Link("putPronunciation", "200", "/id", "id", ("deletePronunciation",)),
    Link("listPronunciations", "200", "/0/id", "id", ("deletePronunciation",)),
    Link("beginImport", "202", "/id", "id", IMPORT_OPERATIONS),
    Link("listImports", "200", "/0/id", "id", IMPORT_OPERATIONS),
    Link("listGmailEmails", "200", "/emails/0/id", "id", MAIL_OPERATIONS),
    Link("createSession", "201", "/user_id", "user_id", ("getUser", "changeUser")),
    Link("createFeedToken", "201", "/id", "id", ("revokeFeedToken",)),
    Link("createFeedToken", "201", "/token", "token", ("getFeed",)),
    Link("listFeedTokens", "200", "/0/id", "id", ("revokeFeedToken",)),
)


def add_links(spec: dict[str, Any]) -> None:
    """Raises KeyError for an operation or response that does not exist."""
    operations = {
        operation["operationId"]: operation
        for item in spec["paths"].values()
        for operation in item.values()
    }
    for link in LINKS:
        links = operations[link.source]["responses"][link.status].setdefault("links", {})
        for target in link.targets:
            links[target] = {
                "operationId": operations[target]["operationId"],
                "parameters": {link.parameter: f"$response.body#{link.pointer}"},
            }
