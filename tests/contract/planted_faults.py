"""The faults that `mutants.py` plants. Each consists of edits, which fail if a text is not in the source."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """`edits` are pairs of a text that occurs once in `file` and its replacement. `tag` is the tag of the
    operations that the fault affects."""

    name: str
    tag: str
    file: str
    edits: tuple[tuple[str, str], ...]


NAIVE = "Annotated[datetime, AfterValidator(lambda moment: moment.replace(tzinfo=None))]"
TRANSCRIPT = (
    'shows: ShowsDep, request: Request\n) -> Response:\n    """Get an episode\'s transcript'
)
FAULTS = (
    Fault(
        "cross-listener read",
        "mail",
        "inbox/store.py",
        (
            (
                "matches = await self._read_with_blocks(listener, [id])",
                "matches = await self._anyones(id)",
            ),
            (
                "    async def change(\n",
                """    async def _anyones(self, id: UUID) -> Sequence[StoredMail]:
        async with self._engine.connect() as database:
            owner = sa.select(mails.c.listener_id).where(mails.c.id == id)
            listener = (await database.execute(owner)).scalar()
        return await self._read_with_blocks(listener, [id]) if listener else []

    async def change(\n""",
            ),
        ),
    ),
    Fault(
        "missing auth",
        "podcast",
        "feed/audio_routes.py",
        (
            (f"listener: Listener, {TRANSCRIPT}", TRANSCRIPT),
            (
                "transcript_files.transcript(request, shows, await shows.recording(id, listener))",
                "transcript_files.transcript(request, shows, await shows.recording(id))",
            ),
        ),
    ),
    Fault(
        "naive datetime",
        "account",
        "account/user_schemas.py",
        (
            (
                "from uuid import UUID",
                "from datetime import datetime\nfrom typing import Annotated\nfrom uuid import UUID",
            ),
            ("import AwareDatetime, BaseModel", "import AfterValidator, AwareDatetime, BaseModel"),
            ("    created_at: AwareDatetime", f"    created_at: {NAIVE}"),
        ),
    ),
    Fault(
        "wrong content type",
        "feed",
        "feed/transcript_files.py",
        (('VTT = "text/vtt"', 'VTT = "text/plain"'),),
    ),
    Fault(
        "undocumented status",
        "feed",
        "feed/routes.py",
        (
            (
                "list_feed_tokens(listener: Listener, tokens: FeedTokensDep)",
                "list_feed_tokens(listener: Listener, tokens: FeedTokensDep, response: Response)",
            ),
            (
                '"""List your feed tokens, newest first, including revoked ones."""\n',
                '"""All feed tokens."""\n    response.status_code = 203\n',
            ),
        ),
    ),
    Fault(
        "500 on odd input",
        "podcast",
        "episode/routes.py",
        (
            (
                "    if changes.title is not None:\n",
                '    if changes.title is not None:\n        changes.title.encode("ascii")\n',
            ),
        ),
    ),
    Fault(
        "wrong stream payload",
        "podcast",
        "episode/routes.py",
        (("ServerSentEvent(data=_brew_event(progress),", 'ServerSentEvent(data={"stage": 1},'),),
    ),
    Fault(
        "use after delete",
        "mail",
        "inbox/routes.py",
        (("    await inbox.delete(listener, id)", "    await inbox.get(listener, id)"),),
    ),
    Fault(
        "breaking rename",
        "status",
        "http/status_routes.py",
        (
            (
                'A greeting for programs."""\n\n    message: str',
                'A greeting for programs."""\n\n    greeting: str = Field(examples=["This is AudioBrew."])',
            ),
            ("import BaseModel\n", "import BaseModel, Field\n"),
            ("Greeting(message=", "Greeting(greeting="),
        ),
    ),
)


def plant(fault: Fault, package: Path) -> None:
    """Edit the source. Raises AssertionError if a text is missing or occurs twice."""
    file = package / fault.file
    text = file.read_text(encoding="utf-8")
    for old, new in fault.edits:
        assert text.count(old) == 1, f"{fault.name}: {old!r} does not occur once in {fault.file}"
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
