"""The way from a trader's PC to the server: plain HTTP, one connection that is kept."""

from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import SplitResult, urlencode, urlsplit

from liqbands_mt5.candle_push import CONTENT_TYPE
from liqbands_mt5.sidecar import ServerAwayError
from liqbands_server.errors import ConfigurationError

SECONDS: Final = 10.0
MOST_BYTES: Final = 16_000_000


class ServerLink:
    """Asks one server.

    Parameters
    ----------
    url : str
        E.g. ``"http://127.0.0.1:8765"``.
    key : str
        The server's `push_key`; empty where it has none.
    seconds : float
        How long to wait for it.

    Raises
    ------
    ConfigurationError
        If the address cannot be one.
    """

    def __init__(self, url: str, key: str = "", seconds: float = SECONDS) -> None:
        self.url = url.rstrip("/")
        parts, port = _parts(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname or "", port, timeout=seconds)
        self._path = parts.path
        self._key = {"Authorization": f"Bearer {key}"} if key else {}

    def fetch(self, path: str, query: Mapping[str, str]) -> tuple[int, bytes]:
        """Ask the server.

        Parameters
        ----------
        path : str
            Below the server's address.
        query : mapping of str to str
            The parameters.

        Returns
        -------
        tuple of int and bytes
            Status and body.

        Raises
        ------
        ServerAwayError
            If there is no answer.
        """
        asked = f"{path}?{urlencode(query)}" if query else path
        return self._ask("GET", asked, b"", {})

    def post(self, path: str, text: str) -> tuple[int, bytes]:
        """Send candles as text.

        Parameters
        ----------
        path : str
            Below the server's address.
        text : str
            As `liqbands_mt5.candle_push.push_text` writes it.

        Returns
        -------
        tuple of int and bytes
            Status and body.

        Raises
        ------
        ServerAwayError
            If there is no answer.
        """
        return self._ask("POST", path, text.encode(), {"Content-Type": CONTENT_TYPE, **self._key})

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _ask(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        was_open = self._connection.sock is not None
        try:
            return self._ask_once(method, path, body, headers)
        except (OSError, HTTPException) as error:
            self._connection.close()
            if not was_open:
                raise ServerAwayError(f"server {self.url} was not reached: {error}") from error
        return self._ask(method, path, body, headers)  # it had hung up meanwhile

    def _ask_once(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        self._connection.request(method, self._path + path, body or None, dict(headers))
        response = self._connection.getresponse()
        data = response.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise HTTPException(f"its answer is larger than {MOST_BYTES} bytes")
        return response.status, data


def _parts(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _no_address(url) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise _no_address(url)
    return parts, port


def _no_address(url: str) -> ConfigurationError:
    return ConfigurationError(
        f"server must be an address such as http://127.0.0.1:8765, was {url!r}"
    )
