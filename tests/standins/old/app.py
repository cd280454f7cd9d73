"""The application that AudioBrew replaces, as its callers knew it: no request carries a credential."""

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
SPOKEN, CUT = 4000, "Text truncated due to length limits"
WORDS_PER_SECOND = 2.5


class OldApplication:
    """`database` is any role's address; `calls` holds each request. Without `speaks`, speech fails."""

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
            ("GET", "/api/podcast/list", lambda asked: self.rows.podcasts(asked["user_id"])),
            ("GET", "/api/podcast/{id}", self.podcast),
            ("DELETE", "/api/podcast/{id}", self.delete_podcast),
            ("DELETE", "/api/user/{user_id}", self.delete_account),
        ]
        yield Route("/api/podcast/generate", self.generate, methods=["POST"])
        for method, path, answer in table:
            yield Route(path, self._answered(answer), methods=[method])

    def _answered(self, answer: Callable[..., Any]) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:
            self.calls.append((request.method, request.url.path))
            try:
                told = answer({**request.query_params, **request.path_params})
            except KeyError as missing:
                return JSONResponse({"detail": f"missing: {missing}"}, 422)
            except NotThere as error:
                return JSONResponse({"detail": str(error)}, 404)
            except Exception as error:  # noqa: BLE001 -- as the old application told its callers
                return JSONResponse({"detail": str(error)}, 500)
            return told if isinstance(told, Response) else JSONResponse(told)

        return endpoint

    # -- Gmail ---------------------------------------------------------------------------------

    def auth(self, asked: Any) -> Any:
        return {"authorization_url": self.gmail.consent(asked["user_id"])}

    def forward(self, asked: Any) -> Any:
        return RedirectResponse(f"/api/gmail/callback?{httpx2.QueryParams(asked)}")

    def callback(self, asked: Any) -> Any:
        page = f"{self.origin}/dashboard/profile"
        if "error" in asked:
            return RedirectResponse(f"{page}?gmail_error={asked['error']}")
        credentials = self.gmail.credentials(asked["code"])
        self.rows.keep_connection(asked["state"], credentials)
        return RedirectResponse(f"{page}?gmail_connected=true&email={credentials['email']}")

    def status(self, asked: Any) -> Any:
        found = self.rows.connection(asked["user_id"])
        return {"is_connected": found is not None, "email": found and found["email"]}

    def disconnect(self, asked: Any) -> Any:
        self.rows.forget_connection(asked["user_id"])
        return {"success": True, "message": "Gmail disconnected"}

    def labels(self, asked: Any) -> Any:
        labels = self.gmail.labels(self._credentials(asked["user_id"]))
        own = next((one for one in labels if one["name"].lower() == "audiobrew"), None)
        return {"labels": labels, "audiobrew_label": own, "has_audiobrew_label": own is not None}

    def emails(self, asked: Any) -> Any:
        label = asked.get("label_id") or self.labels(asked)["audiobrew_label"]["id"]
        found = self.gmail.emails(self._credentials(asked["user_id"]), label)
        return {"label_id": label, "emails": found, "total": len(found)}

    def _credentials(self, user: str) -> dict[str, Any]:
        found = self.rows.connection(user)
        if found is None:
            raise NotThere("Gmail not connected")
        return found["credentials"]

    # -- podcasts ------------------------------------------------------------------------------

    async def generate(self, request: Request) -> Response:
        """The id that is answered is nobody's: the row gets another, if it ever comes to be."""
        self.calls.append((request.method, request.url.path))
        asked = await request.json()
        if not asked.get("user_id") or not isinstance(asked.get("email_ids"), list):
            return JSONResponse({"detail": "user_id and email_ids are needed"}, 422)
        told = {"id": str(uuid.uuid4()), "status": "processing", "message": "Podcast is coming"}
        return JSONResponse(told, background=BackgroundTask(self._brew, asked))

    def _brew(self, asked: dict[str, Any]) -> None:
        """A job that fails leaves no trace."""
        user, ids = asked["user_id"], asked["email_ids"]
        try:
            held = self._credentials(user)
            mails = [self.gmail.email(held, id) for id in ids]
        except (NotThere, httpx2.HTTPError):
            return
        script = self._script(mails)
        self.rows.add_podcast(
            user_id=user,
            title=asked.get("title") or "Your daily brew",
            audio_url=self._spoken(user, script),
            script_markdown=script,
            duration=max(1, round(len(script.split()) / WORDS_PER_SECOND)),
            source_emails=len(mails),
        )

    def _script(self, mails: list[dict[str, Any]]) -> str:
        parts = [f"## {one['subject']}\n\n**Host:** {one['snippet']}" for one in mails]
        return "\n\n".join(["# Your daily brew", *parts])

    def _spoken(self, user: str, script: str) -> str:
        """Speech that fails is recorded as if it were there."""
        spoken = script if len(script) <= SPOKEN else f"{script[:SPOKEN]} {CUT}"
        if not self.speaks:
            return f"https://example.com/audio/{uuid.uuid4()}.mp3"
        return self.upload(user, tone(max(1.0, min(5.0, len(spoken.split()) / 100))))

    def upload(self, user: str, sound: bytes) -> str:
        """Its public address."""
        path = f"podcasts/podcasts/{user}/{uuid.uuid4()}.mp3"
        url = f"{self._supabase}/storage/v1/object/{path}"
        sent = httpx2.post(url, content=sound, headers=self._held("audio/mpeg"))
        sent.raise_for_status()
        return f"{self._supabase}/storage/v1/object/public/{path}"

    def podcast(self, asked: Any) -> Any:
        return self.rows.podcast(asked["id"], asked["user_id"])

    def delete_podcast(self, asked: Any) -> Any:
        gone = self.rows.delete_podcast(asked["id"], asked["user_id"])
        self._delete_audio([gone["audio_url"]])
        return {"message": "Podcast deleted"}

    def delete_account(self, asked: Any) -> Any:
        """It looks for the connection in a table that does not exist; the user's end takes it along."""
        user = asked["user_id"]
        self._delete_audio([row["audio_url"] for row in self.rows.podcasts(user)])
        self.rows.forget_credentials(user)
        url = f"{self._supabase}/auth/v1/admin/users/{user}"
        httpx2.delete(url, headers=self._held()).raise_for_status()
        delete_user(self._database, user)
        return {"message": "Account deleted"}

    def _delete_audio(self, urls: list[str | None]) -> None:
        public = f"{self._supabase}/storage/v1/object/public/podcasts/"
        keys = [url.removeprefix(public) for url in urls if url and url.startswith(public)]
        url = f"{self._supabase}/storage/v1/object/podcasts"
        told = httpx2.request("DELETE", url, json={"prefixes": keys}, headers=self._held())
        told.raise_for_status()

    def _held(self, kind: str = "application/json") -> dict[str, str]:
        return {"apikey": self._key, "Authorization": f"Bearer {self._key}", "Content-Type": kind}
