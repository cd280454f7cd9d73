"""The HTTP client for addresses that listeners type: limited in size, time and redirects, and only to the
public internet (see `guarded_network.py`)."""

import asyncio
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import httpcore

from audiobrew import __version__
from audiobrew.ops.calls import parse_retry_after
from audiobrew.sources.guarded_network import GuardedBackend
from audiobrew.sources.source import ServerUnreachable, SourceTrouble

MAX_BYTES = 5 * 2**20  # of a body, when unpacked
MAX_REDIRECTS = 5
TOTAL_SECONDS, READ_SECONDS = 60.0, 20.0
MAX_URL_CHARACTERS = 2_000
REDIRECTS = {301, 302, 303, 307, 308}
USER_AGENT = f"AudioBrew/{__version__} (+https://github.com/audiobrew/audiobrew)"


class InvalidAddress(SourceTrouble):
    """This is not the address of a web page or feed. It begins with https:// or http://."""

    type = "invalid-address"
    needs_listener = True


class TooManyRedirects(SourceTrouble):
    """This address leads on to others without an end."""

    type = "too-many-redirects"


class ResponseTooLarge(SourceTrouble):
    """This address answers with more than 5 MB."""

    type = "response-too-large"


class MalformedResponse(SourceTrouble):
    """This server sends an answer that cannot be read."""

    type = "malformed-response"


@dataclass(frozen=True, slots=True)
class Response:
    """`url` is the address after redirects; `moved_to`, where a permanent redirect leads, if all of them are
    permanent. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    moved_to: str | None

    @property
    def retry_after(self) -> float | None:
        """The seconds that the server asks us to wait."""
        return parse_retry_after(self.headers.get("retry-after"))


class GuardedClient:
    """One connection pool for the whole process."""

    def __init__(self, *, allow_private: bool) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=20,
            max_keepalive_connections=0,  # every connection is checked anew
            network_backend=GuardedBackend(allow_private=allow_private),
        )

    async def aclose(self) -> None:
        await self._pool.aclose()

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Response:
        """Get an address, following redirects.

        Raises InvalidAddress, ServerUnreachable, TooManyRedirects, ResponseTooLarge, MalformedResponse,
        PrivateAddress, UnknownHost.
        """
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                return await self._follow(url, headers or {})
        except (TimeoutError, httpcore.TimeoutException, httpcore.NetworkError) as error:
            raise ServerUnreachable from error
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise MalformedResponse from error

    async def get_body(self, url: str) -> bytes:
        """The body of an address that answers without a redirect. Raises ServerUnreachable, and what `get`
        raises."""
        response = await self.get(url)
        if response.status != HTTPStatus.OK or response.url != url:
            raise ServerUnreachable
        return response.body

    async def _follow(self, url: str, headers: Mapping[str, str]) -> Response:
        moved_to, is_permanent = None, True
        for _ in range(MAX_REDIRECTS + 1):
            status, answer, body = await self._request(check_address(url), headers)
            location = answer.get("location")
            if status not in REDIRECTS or not location:
                return Response(status, answer, body, url, moved_to)
            try:
                url = urljoin(url, location)
            except ValueError as error:
                raise MalformedResponse from error
            is_permanent = is_permanent and status in (301, 308)
            moved_to = url if is_permanent else None
        raise TooManyRedirects

    async def _request(
        self, url: str, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        request = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", **headers}
        timeout = {"connect": READ_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS}
        async with self._pool.stream(
            "GET",
            url.encode("ascii"),
            headers=[(name.encode(), value.encode()) for name, value in request.items()],
            extensions={"timeout": timeout},
        ) as response:
            answer = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in response.headers
            }
            if response.status in REDIRECTS or response.status == HTTPStatus.NOT_MODIFIED:
                return response.status, answer, b""
            body = Body(answer.get("content-encoding", ""))
            async for chunk in response.aiter_stream():
                body.add(chunk)
            return response.status, answer, bytes(body.data)


class Body:
    """A body, unpacked as it arrives, so that one which unpacks to gigabytes is refused in time."""

    def __init__(self, encoding: str) -> None:
        encoding = encoding.strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise MalformedResponse
        wbits = {"gzip": 31, "x-gzip": 31, "deflate": 15}.get(encoding)
        self._decoder = zlib.decompressobj(wbits) if wbits else None
        self.data = bytearray()

    def add(self, chunk: bytes) -> None:
        """Raises ResponseTooLarge, MalformedResponse."""
        if self._decoder is None:
            self.data += chunk
        else:
            try:
                self.data += self._decoder.decompress(chunk, MAX_BYTES + 1 - len(self.data))
            except zlib.error as error:
                raise MalformedResponse from error
        if len(self.data) > MAX_BYTES or (self._decoder and self._decoder.unconsumed_tail):
            raise ResponseTooLarge


def check_address(url: str) -> str:
    """The address in ASCII. Raises InvalidAddress."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidAddress from error
    if parts.scheme not in ("http", "https") or not host or len(url) > MAX_URL_CHARACTERS:
        raise InvalidAddress
    if parts.username is not None or parts.password is not None:
        raise InvalidAddress("An address with a user name or password cannot be a source.")
    return httpcore_url(url)


def httpcore_url(url: str) -> str:
    """With the host in Punycode and everything else percent-encoded. Raises InvalidAddress."""
    import httpx  # slow to import

    try:
        return str(httpx.URL(url))
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise InvalidAddress from error
