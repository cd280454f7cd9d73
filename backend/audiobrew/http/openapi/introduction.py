"""The general part of the contract: its version, introduction, tags and path parameters."""

# Of the contract, not of the program, by semantic versioning: see CONTRIBUTING.md.
VERSION = "1.1.0"
SUMMARY = "The newsletters in your mailbox, as a private podcast."
DESCRIPTION = """\
Mails come in, an episode is brewed from them, podcast apps fetch it. Every spoken sentence shows \
its source; figures, names and quotations that are not in the sources are not spoken.

**Signing in.** `GET /api/config` says how: `local` trades the one-time code that the terminal \
prints for a token (`POST /api/session`), `supabase` takes the access token that Supabase gave the \
listener. Send it as `Authorization: Bearer …`. With `local`, a page of the service's own origin may trade \
the code for a cookie instead (`POST /api/session/browser`), and sends the session's `csrf_token` as \
`X-CSRF-Token` with everything that is not GET or HEAD. What is under `/feed/` is opened by the token in its \
address alone.

**Errors.** Every error is `application/problem+json` (RFC 9457): `type` names its kind and stays \
the same, `detail` is a sentence for people.

**A brew takes minutes.** Ordering answers at once; follow its events, or ask for the episode until \
its `status` is `ready`, `failed` or `cancelled`. The same order sent again with the same \
`Idempotency-Key` is the same episode.

**Lists** are newest first. Send the last id you have seen as `before` for what is older; an empty \
list is the end.

**Values.** Ids are UUIDs, times RFC 3339 with an offset, languages ISO 639-1, money US dollars.

**Versions.** Within a major version nothing is taken away or renamed. Fields and operations may be \
added: ignore what you do not know."""
TAGS = [
    {"name": "status", "description": "The state of the service."},
    {"name": "account", "description": "Who is listening."},
    {"name": "mail", "description": "The mails that episodes are made from."},
    {"name": "gmail", "description": "A mailbox at Google that mails come from."},
    {"name": "podcast", "description": "The listener's episodes: brewed, followed, heard, read."},
    {"name": "feed", "description": "The listener's show, as podcast apps fetch it."},
]
# By the tag of the operation and the name of the parameter.
PATH_PARAMETERS = {
    ("account", "user_id"): "Your own id.",
    ("mail", "id"): "Which mail.",
    ("podcast", "id"): "Which episode.",
    ("feed", "id"): "Which feed token.",
    ("feed", "token"): "The secret part of a feed's address.",
    ("feed", "episode"): "Which episode.",
}
# The security scheme of browser sessions. The cookie's name is that of `account.browser_session.COOKIE`.
BROWSER_SESSION = {
    "type": "apiKey",
    "in": "cookie",
    "name": "audiobrew_session",
    "description": "The cookie from `POST /api/session/browser`, for pages of the service's own origin where"
    " `auth` is `local`. What changes anything needs the session's `csrf_token` as `X-CSRF-Token`, too."
    " A request with an `Authorization` header is judged by that alone.",
}
