"""The HTTP interface of the application that AudioBrew replaces. No request has a credential."""

import uuid
from collections.abc import Callable
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.standins.old.database import delete_user
from tests.standins.old.gmail import Gmail
from tests.standins.old.rows import NotThere, Rows
from tests.standins.old.sound import tone

ORIGINS = ("https://audiobrew.vercel.app", "http://localhost:5173", "http://localhost:3000")
MAX_CHARACTERS, TRUNCATION_NOTE = 4000, "Text truncated due to length limits"
WORDS_PER_SECOND = 2.5


class OldApplication:
    """`database` is the address of any role, `calls` contains all requests. Speech works if it `speaks`."""

    def __init__(
        self, database: str, supabase: str, key: str, gmail: Gmail, origin: str = ORIGINS[0]
    ) -> None:
        self.rows, self.gmail, self.origin = Rows(database), gmail, origin
        self._supabase, self._key, self._database = supabase, key, database
        self.calls: list[tuple[str, str]] = []
        self.speaks = True
        browsers = Middleware(
            CORSMiddleware,
            allow_origins=ORIGINS,
            allow_credentials=True,
            allow_methods=["GET", "POST", "PUT", "DELETE", "OPTIONS"],
            allow_headers=["*"],
        )
        self.app = Starlette(routes=list(self._routes()), middleware=[browsers])

    def _routes(self) -> Any:
        table: list[tuple[str, str, Callable[..., Any]]] = [
            ("GET", "/", lambda _: {"message": "AudioBrew API"}),
            ("GET", "/health", lambda _: {"status": "healthy", "service": "audiobrew-api"}),
            ("GET", "/api/gmail/auth", self.auth),
            ("GET", "/api/gmail/callback", self.callback),
            ("GET", "/api/auth/gmail/callback", self.forward),
            ("GET", "/api/gmail/status", self.status),
            ("DELETE", "/api/gmail/disconnect", self.disconnect),
            ("GET", "/api/gmail/labels", self.labels),
            ("GET", "/api/gmail/emails", self.emails),
            ("GET", "/api/podcast/list", lambda query: self.rows.podcasts(query["user_id"])),
            ("GET", "/api/podcast/{id}", self.podcast),
            ("DELETE", "/api/podcast/{id}", self.delete_podcast),
            ("DELETE", "/api/user/{user_id}", self.delete_account),
        ]
        yield Route("/api/podcast/generate", self.generate, methods=["POST"])
        for method, path, answer in table:
            yield Route(path, self._endpoint(answer), methods=[method])

    def _endpoint(self, answer: Callable[..., Any]) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:
            self.calls.append((request.method, request.url.path))
            try:
                result = answer({**request.query_params, **request.path_params})
            except KeyError as missing:
                return JSONResponse({"detail": f"missing: {missing}"}, 422)
            except NotThere as error:
                return JSONResponse({"detail": str(error)}, 404)
            except Exception as error:  # noqa: BLE001 -- the old application answered so
                return JSONResponse({"detail": str(error)}, 500)
            return result if isinstance(result, Response) else JSONResponse(result)

        return endpoint

    # -- Gmail ---------------------------------------------------------------------------------

    def auth(self, query: Any) -> Any:
        return {"authorization_url": self.gmail.consent(query["user_id"])}

    def forward(self, query: Any) -> Any:
        return RedirectResponse(f"/api/gmail/callback?{httpx2.QueryParams(query)}")

    def callback(self, query: Any) -> Any:
        page = f"{self.origin}/dashboard/profile"
        if "error" in query:
            return RedirectResponse(f"{page}?gmail_error={query['error']}")
        credentials = self.gmail.credentials(query["code"])
        self.rows.keep_connection(query["state"], credentials)
        return RedirectResponse(f"{page}?gmail_connected=true&email={credentials['email']}")

    def status(self, query: Any) -> Any:
        connection = self.rows.connection(query["user_id"])
        return {"is_connected": connection is not None, "email": connection and connection["email"]}

    def disconnect(self, query: Any) -> Any:
        self.rows.forget_connection(query["user_id"])
        return {"success": True, "message": "Gmail disconnected"}

    def labels(self, query: Any) -> Any:
        labels = self.gmail.labels(self._credentials(query["user_id"]))
        own = next((one for one in labels if one["name"].lower() == "audiobrew"), None)
        return {"labels": labels, "audiobrew_label": own, "has_audiobrew_label": own is not None}

    def emails(self, query: Any) -> Any:
        label = query.get("label_id") or self.labels(query)["audiobrew_label"]["id"]
        emails = self.gmail.emails(self._credentials(query["user_id"]), label)
        return {"label_id": label, "emails": emails, "total": len(emails)}

    def _credentials(self, user: str) -> dict[str, Any]:
        connection = self.rows.connection(user)
        if connection is None:
            raise NotThere("Gmail not connected")
        return connection["credentials"]

    # -- podcasts ------------------------------------------------------------------------------

    async def generate(self, request: Request) -> Response:
        """Answer with an id that belongs to nothing. The row, if there will be one, gets another id."""
        self.calls.append((request.method, request.url.path))
        order = await request.json()
        if not order.get("user_id") or not isinstance(order.get("email_ids"), list):
            return JSONResponse({"detail": "user_id and email_ids are needed"}, 422)
        answer = {"id": str(uuid.uuid4()), "status": "processing", "message": "Podcast is coming"}
        return JSONResponse(answer, background=BackgroundTask(self._brew, order))

    def _brew(self, order: dict[str, Any]) -> None:
        """Brew in the background. A failure leaves no trace."""
        user, ids = order["user_id"], order["email_ids"]
        try:
            credentials = self._credentials(user)
            mails = [self.gmail.email(credentials, id) for id in ids]
        except (NotThere, httpx2.HTTPError):
            return
        script = self._script(mails)
        self.rows.add_podcast(
            user_id=user,
            title=order.get("title") or "Your daily brew",
            audio_url=self._speak(user, script),
            script_markdown=script,
            duration=max(1, round(len(script.split()) / WORDS_PER_SECOND)),
            source_emails=len(mails),
        )

    def _script(self, mails: list[dict[str, Any]]) -> str:
        parts = [f"## {one['subject']}\n\n**Host:** {one['snippet']}" for one in mails]
        return "\n\n".join(["# Your daily brew", *parts])

    def _speak(self, user: str, script: str) -> str:
        """Return the audio's address. If speech fails, the address leads nowhere."""
        text = (
            script
            if len(script) <= MAX_CHARACTERS
            else f"{script[:MAX_CHARACTERS]} {TRUNCATION_NOTE}"
        )
        if not self.speaks:
            return f"https://example.com/audio/{uuid.uuid4()}.mp3"
        return self.upload(user, tone(max(1.0, min(5.0, len(text.split()) / 100))))

    def upload(self, user: str, sound: bytes) -> str:
        """Upload audio and return its public address."""
        path = f"podcasts/podcasts/{user}/{uuid.uuid4()}.mp3"
        url = f"{self._supabase}/storage/v1/object/{path}"
        response = httpx2.post(url, content=sound, headers=self._headers("audio/mpeg"))
        response.raise_for_status()
        return f"{self._supabase}/storage/v1/object/public/{path}"

    def podcast(self, query: Any) -> Any:
        return self.rows.podcast(query["id"], query["user_id"])

    def delete_podcast(self, query: Any) -> Any:
        row = self.rows.delete_podcast(query["id"], query["user_id"])
        self._delete_audio([row["audio_url"]])
        return {"message": "Podcast deleted"}

    def delete_account(self, query: Any) -> Any:
        """Delete the account. The connection is looked for in a table that does not exist, but it is deleted
        together with the user."""
        user = query["user_id"]
        self._delete_audio([row["audio_url"] for row in self.rows.podcasts(user)])
        self.rows.forget_credentials(user)
        url = f"{self._supabase}/auth/v1/admin/users/{user}"
        httpx2.delete(url, headers=self._headers()).raise_for_status()
        delete_user(self._database, user)
        return {"message": "Account deleted"}

    def _delete_audio(self, urls: list[str | None]) -> None:
        public = f"{self._supabase}/storage/v1/object/public/podcasts/"
        keys = [url.removeprefix(public) for url in urls if url and url.startswith(public)]
        url = f"{self._supabase}/storage/v1/object/podcasts"
        response = httpx2.request("DELETE", url, json={"prefixes": keys}, headers=self._headers())
        response.raise_for_status()

    def _headers(self, kind: str = "application/json") -> dict[str, str]:
        return {"apikey": self._key, "Authorization": f"Bearer {self._key}", "Content-Type": kind}
