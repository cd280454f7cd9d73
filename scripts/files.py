"""Writes files completely or not at all: a partial file has another name until it is complete."""

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
    client: AuthenticatedClient,
    url: str,
    file: Path,
    report: Callable[[int], None] = lambda _: None,
) -> None:
    """Download a file and report the percentage. Raises Refused, and then deletes the partial file."""
    part = file.with_name(f".{file.name}.part")
    http = client.get_httpx_client()
    try:
        with (
            http.stream("GET", urljoin(str(http.base_url), url)) as response,
            part.open("wb") as out,
        ):
            if response.is_error:
                raise Refused(
                    f"The audio could not be downloaded: AudioBrew answered {response.status_code}."
                )
            size = int(response.headers.get("content-length", 0))
            for chunk in response.iter_bytes(1 << 16):
                out.write(chunk)
                report(out.tell() * 100 // size if size else 0)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
