"""One polite HTTP layer for all public databases.

Requests are spaced as each service asks, name the caller, wait as long as ``Retry-After`` says, back off exponentially
when a server fails, and are answered from a cache on disk while it is fresh (then by ``ETag`` or ``Last-Modified``). A
fetch that was killed goes on from the cache: pages that came are not asked for again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from knowledge.errors import ConnectorError

_LARGEST = 100_000_000  # bytes of one answer
_REPEATED = frozenset({429, 500, 502, 503, 504})  # statuses after which a request is worth repeating
_KEPT = ("etag", "last-modified", "link", "content-type")  # headers that the cache keeps


@dataclass(frozen=True)
class Network:
    """How the network may be used.

    Attributes:
        cache: Folder of the cached answers.
        contact: An address that services can write to; sent with every request.
        bases: Other addresses of services, by the connector's name.
        keys: Keys of services, by the connector's name.
        attempts: How often a request is tried.
        patience: Seconds that a single wait may take; a service that asks for more is asked again another time.
        fresh_days: How long an answer is taken from the cache without asking.
        pace: Factor on the services' spacing of requests.
    """

    cache: Path | str
    contact: str = ""
    bases: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 6
    patience: float = 120.0
    fresh_days: float = 7.0
    pace: float = 1.0


@dataclass(frozen=True)
class Answer:
    """An answer of a service.

    Attributes:
        url: What was asked, without keys.
        text: The body.
        headers: The headers that are kept, in lower case.
        retrieved: When it was fetched (ISO 8601, UTC).
    """

    url: str
    text: str
    headers: Mapping[str, str]
    retrieved: str

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ConnectorError: It is not JSON.
        """
        try:
            return json.loads(self.text)
        except ValueError as error:
            raise ConnectorError(f"{self.url} did not answer with JSON: {error}.") from error


class Polite:
    """A client of one service.

    Args:
        name: The connector's name.
        base: The service's address.
        interval: Seconds between two requests.
        network: How the network may be used.
        on_wait: Called with a sentence before a long wait.
    """

    def __init__(
        self,
        name: str,
        base: str,
        interval: float,
        network: Network,
        on_wait: Callable[[str], None] | None = None,
    ) -> None:
        import httpx

        self.name = name
        self.base = network.bases.get(name, base).rstrip("/")
        self.key = network.keys.get(name, "")
        self.contact = network.contact
        self._network = network
        self._interval = interval * network.pace
        self._folder = Path(network.cache) / name
        self._last = -1e9
        self._on_wait = on_wait or (lambda message: None)
        agent = f"Gedanken/1 (research assistant{f'; mailto:{network.contact}' if network.contact else ''})"
        self._client = httpx.Client(
            headers={"User-Agent": agent}, timeout=httpx.Timeout(60.0, connect=15.0), follow_redirects=True
        )

    def __enter__(self) -> Polite:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(
        self,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        secret: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        check: Callable[[str], object] | None = None,
    ) -> Answer:
        """Ask for a page.

        Args:
            path: Path below the service's address, or a whole address.
            parameters: The query; those that are ``None`` are left out.
            secret: Parameters that are sent but never written to the cache or shown.
            headers: Further headers.
            check: Called with the body; what raises ``ValueError`` is taken for a damaged answer and asked for again.

        Raises:
            ConnectorError: There is no such record, the service refuses or fails again and again, or cannot be reached.
        """
        query = urlencode({name: value for name, value in (parameters or {}).items() if value is not None})
        address = path if path.startswith(("http://", "https://")) else f"{self.base}/{path.lstrip('/')}"
        url = f"{address}{'&' if '?' in address else '?'}{query}" if query else address
        file = self._folder / f"{hashlib.sha256(url.encode()).hexdigest()}.json"
        cached = _cached(file)
        if cached is not None and time.time() - cached[1] < 86400 * self._network.fresh_days:
            return cached[0]
        conditions = _conditions(cached[0]) if cached else {}
        hidden = urlencode(secret or {})
        sent = f"{url}{'&' if '?' in url else '?'}{hidden}" if hidden else url
        return self._fetched(sent, url, file, {**(headers or {}), **conditions}, cached, check)

    def _fetched(
        self,
        sent: str,
        url: str,
        file: Path,
        headers: Mapping[str, str],
        cached: tuple[Answer, float] | None,
        check: Callable[[str], object] | None,
    ) -> Answer:
        import httpx

        trouble, wait = "", 0.0
        for attempt in range(self._network.attempts):
            if attempt:
                backoff = min(2.0 ** (attempt - 1), 60.0) * random.uniform(0.5, 1.5) * min(1.0, self._network.pace)
                self._sleep(wait or backoff, trouble)
            self._space()
            wait = 0.0
            try:
                with self._client.stream("GET", sent, headers=dict(headers)) as response:
                    status, received = response.status_code, response.headers
                    body = _body(response, url)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
                raise ConnectorError(f"{url} is no address that can be asked: {error}.") from error
            except httpx.HTTPError as error:  # cannot be reached, reset, timed out, or cut before its stated length
                trouble = f"{type(error).__name__}: {error}"
                continue
            if status == 304 and cached is not None:
                return _keep(file, url, cached[0].text, cached[0].headers)
            if status == 204:  # an empty result
                return _keep(file, url, "{}", {})
            if status == 200:
                text = body.decode("utf-8", errors="replace")
                try:
                    if check is not None:
                        check(text)
                except ValueError as error:
                    trouble = f"its answer is damaged ({error})"
                    continue
                return _keep(file, url, text, {name: received[name] for name in _KEPT if name in received})
            if status not in _REPEATED:
                raise _refusal(self.name, url, status)
            trouble = f"status {status}"
            wait = _retry_after(received.get("retry-after", ""))
            if wait > self._network.patience:
                raise ConnectorError(
                    f"{self.name} asks to wait {wait:.0f} s before the next request.",
                    remedy="Run the same command later: it goes on where it stopped.",
                )
        raise ConnectorError(
            f"{self.name} did not answer {url} in {self._network.attempts} attempts; the last trouble was {trouble}.",
            remedy="Check the connection and run the same command again: it goes on where it stopped.",
        )

    def _space(self) -> None:
        wait = self._last + self._interval - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self._last = time.monotonic()

    def _sleep(self, seconds: float, why: str) -> None:
        if seconds > 5:
            self._on_wait(f"{self.name}: {why}; waiting {seconds:.0f} s")
        time.sleep(seconds)

    def address(self, name: str, usual: str) -> str:
        """The address of a further service: the one that is set under a name, or the usual one."""
        return self._network.bases.get(name, usual).rstrip("/")


def json_check(text: str) -> object:
    """Raises ``ValueError`` where a body is not whole JSON."""
    return json.loads(text)


def _body(response: Any, url: str) -> bytes:
    pieces, size = [], 0
    for piece in response.iter_bytes():
        size += len(piece)
        if size > _LARGEST:
            raise ConnectorError(f"{url} answers with more than {_LARGEST / 1e6:.0f} MB.")
        pieces.append(piece)
    return b"".join(pieces)


def _refusal(name: str, url: str, status: int) -> ConnectorError:
    if status in (404, 410):
        return ConnectorError(f"{name} has no such record ({url}).", remedy="Check the identifier.")
    if status in (401, 403):
        return ConnectorError(
            f"{name} refuses the request (status {status}).", remedy="It may need a key: see the settings."
        )
    return ConnectorError(f"{name} refuses the request with status {status} ({url}).", remedy="Check the query.")


def _retry_after(value: str) -> float:
    """Seconds that a ``Retry-After`` header asks for: a number or a date (RFC 9110, section 10.2.3)."""
    if value.strip().isdigit():
        return float(value)
    with contextlib.suppress(ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    return 0.0


def _conditions(answer: Answer) -> dict[str, str]:
    known = {"If-None-Match": answer.headers.get("etag"), "If-Modified-Since": answer.headers.get("last-modified")}
    return {name: value for name, value in known.items() if value}


def _cached(file: Path) -> tuple[Answer, float] | None:
    """An answer from the cache with the time of its fetching; ``None`` where there is none, or a damaged one."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return Answer(kept["url"], kept["text"], kept["headers"], kept["retrieved"]), float(kept["time"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(file: Path, url: str, text: str, headers: Mapping[str, str]) -> Answer:
    """Write an answer to the cache, in one step; a full disk costs the cache and not the answer."""
    retrieved = datetime.now(UTC).isoformat(timespec="seconds")
    kept = {"url": url, "text": text, "headers": dict(headers), "retrieved": retrieved, "time": time.time()}
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(json.dumps(kept), encoding="utf-8")
        os.replace(partial, file)
    return Answer(url, text, headers, retrieved)
