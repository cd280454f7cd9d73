"""The general part of the contract: its version, introduction, tags and path parameters."""

# Of the contract, not of the program, by semantic versioning: see CONTRIBUTING.md.
VERSION = "1.1.0"
SUMMARY = "The newsletters in your mailbox, as a private podcast."
DESCRIPTION = """\
AudioBrew turns newsletters into podcast episodes. Each spoken sentence names its sources, and figures, \
names and quotations that are not in the sources are left out.

**Authentication.** `GET /api/config` says how listeners sign in. With `local`, exchange the one-time code \
that the terminal prints for a token (`POST /api/session`). With `supabase`, use the access token from \
Supabase. With `accounts`, a page of the service's own origin signs in by passkey or password (paths under \
`/api/home/session/`), and programs exchange a one-time code from `audiobrew owner` or the server's owner. \
Send the token as `Authorization: Bearer …`. With `local`, a page of the service's own origin can \
exchange the code for a cookie instead (`POST /api/session/browser`). It then sends the session's \
`csrf_token` as `X-CSRF-Token` with every request other than GET and HEAD. Paths under `/feed/` need only \
the token that they contain.

**Errors.** Every error is `application/problem+json` (RFC 9457). `type` identifies the kind of error and \
does not change; `detail` is a sentence for people.

**Episodes.** Brewing takes minutes, so an order returns at once. Follow the episode's events, or poll the \
episode until its `status` is `ready`, `failed` or `cancelled`. If you repeat an order with the same \
`Idempotency-Key`, no second episode is brewed.

**Imports.** A file of up to `limits.import_bytes` (`GET /api/config`) is uploaded in parts and read in the \
background. Begin with `POST /api/mail/imports`, send parts with `PUT /api/mail/imports/{id}/content`, and \
poll the import until its `status` is `done`, `failed` or `cancelled`. Small files can be sent at once, with \
`POST /api/mail`.

**Lists.** The newest items come first, or the best matches of a search. To get the next page, send the last \
id of this page as `before`. After the last page, the list is empty.

**Values.** Ids are UUIDs, times are RFC 3339 with an offset, languages are ISO 639-1 codes, and amounts are \
US dollars.

**Versions.** Within a major version, nothing is removed or renamed. Fields and operations may be added: \
ignore those that you do not know."""
TAGS = [
    {"name": "status", "description": "Health, readiness and metrics of the service."},
    {"name": "account", "description": "Sign-in, the listener's account and its preferences."},
    {
        "name": "accounts",
        "description": "Accounts of a server of one's own: passkeys, passwords, invitations.",
    },
    {"name": "mail", "description": "The listener's mails, from which episodes are brewed."},
    {"name": "rules", "description": "What the listener decided about newsletters."},
    {
        "name": "gmail",
        "description": "The listener's Gmail. It is also a source, see there.",
    },
    {
        "name": "sources",
        "description": "Where the listener's mails come from: mailboxes, Gmail, feeds, own addresses.",
    },
    {
        "name": "podcast",
        "description": "The listener's episodes: order, follow, play and read them.",
    },
    {
        "name": "pronunciations",
        "description": "The words that the listener wants said in another way.",
    },
    {
        "name": "search",
        "description": "What the listener's episodes say, and which newsletters there are.",
    },
    {"name": "feed", "description": "The listener's show for podcast apps."},
]
# By the tag of the operation and the name of the parameter.
PATH_PARAMETERS = {
    ("account", "user_id"): "Your own id.",
    ("accounts", "id"): "Of what the path names: a passkey, a session, a person or an invitation.",
    ("sources", "id"): "The source's id.",
    ("sources", "number"): "The `number` of the confirmation or sender.",
    ("mail", "id"): "The mail's id, or the import's.",
    ("rules", "id"): "The rule's id.",
    ("podcast", "number"): "The `id` of the sentence.",
    ("podcast", "id"): "The episode's id.",
    ("pronunciations", "id"): "The id of the word in the list.",
    ("feed", "id"): "The feed token's id.",
    ("feed", "token"): "The feed token, which is the secret part of a feed's URL.",
    ("feed", "episode"): "The episode's id.",
}
# The security scheme of browser sessions. The cookie's name is that of `account.browser_session.COOKIE`.
BROWSER_SESSION = {
    "type": "apiKey",
    "in": "cookie",
    "name": "audiobrew_session",
    "description": "The cookie from `POST /api/session/browser`, for pages of the service's own origin if"
    " `auth` is `local`. Requests other than GET and HEAD also need the session's `csrf_token` as"
    " `X-CSRF-Token`. If a request has an `Authorization` header, the cookie is ignored.",
}
