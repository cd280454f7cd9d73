"""Files that are there whole, or not at all."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

from audiobrew_client import AuthenticatedClient
from connection import Refused


def write(file: Path, content: bytes) -> None:
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(content)
    part.replace(file)


def download(
    client: AuthenticatedClient, url: str, file: Path, tell: Callable[[int], None] = lambda _: None
) -> None:
    """`tell` hears the percentage. Raises Refused; what came so far is thrown away then."""
    part = file.with_name(f".{file.name}.part")
    http = client.get_httpx_client()
    try:
        with http.stream("GET", urljoin(str(http.base_url), url)) as answer, part.open("wb") as out:
            if answer.is_error:
                raise Refused(
                    f"The audio could not be fetched: AudioBrew answered {answer.status_code}."
                )
            whole = int(answer.headers.get("content-length", 0))
            for piece in answer.iter_bytes(1 << 16):
                out.write(piece)
                tell(out.tell() * 100 // whole if whole else 0)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
