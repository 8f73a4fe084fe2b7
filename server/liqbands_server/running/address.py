"""Where the server listens, and whether that place is free."""

import http.client
import socket

from liqbands_server.errors import ConfigurationError
from liqbands_server.settings import Settings

_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared only


def base_url(settings: Settings) -> str:
    """Return the server's address as a browser on this machine has it.

    Parameters
    ----------
    settings : Settings
        Host and port.

    Returns
    -------
    str
        Without a slash at the end.

    Examples
    --------
    >>> base_url(Settings(port=8000))
    'http://127.0.0.1:8000'
    """
    host = _EVERYWHERE.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def refuse_taken_port(settings: Settings) -> None:
    """Make sure that the server can listen.

    Parameters
    ----------
    settings : Settings
        Host and port.

    Raises
    ------
    ConfigurationError
        If the host is not this machine's, or the port is taken.
    """
    place = (settings.host, settings.port)
    try:
        family, kind, *_, found = socket.getaddrinfo(*place, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(found)
            probe.listen()
    except socket.gaierror as error:
        raise ConfigurationError(
            f"host must be an address of this machine, was {settings.host!r} (LIQBANDS_HOST)"
        ) from error
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen at port {settings.port} of {settings.host}: {error.strerror}; "
            "choose another port with --port or LIQBANDS_PORT"
        ) from error


def is_ready(settings: Settings, seconds: float = 1.0) -> bool:
    """Return whether the server says that it is ready.

    Parameters
    ----------
    settings : Settings
        Host and port.
    seconds : float
        How long to wait for its answer.

    Returns
    -------
    bool
        False too when it does not answer.
    """
    host = _EVERYWHERE.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=seconds)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
