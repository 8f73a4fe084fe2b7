"""Reaching venues through one address: a reverse proxy, or an emulator.

The venue's own host becomes the first part of the path, by which the other side knows who is
meant; so ``wss://ws.okx.com:8443/ws/v5`` is asked for at ``ws://127.0.0.1:9000/ws.okx.com/ws/v5``.
"""

import re
from typing import Any, Final

_ADDRESS: Final = re.compile(r"^(http|ws)s?://([^/:]+)(:\d+)?")


def through_gateway(addresses: Any, gateway: str) -> Any:
    """Return a venue's addresses as they are reached through a gateway.

    Parameters
    ----------
    addresses : object
        Nested dictionaries, lists and strings, as ccxt keeps them under ``urls["api"]``.
    gateway : str
        ``http://`` or ``https://``, a host and perhaps a path; its websockets are its ``ws://``.

    Returns
    -------
    object
        The same shape; what is no address stays as it is.

    Examples
    --------
    >>> through_gateway({"ws": "wss://ws.okx.com:8443/ws/v5"}, "http://127.0.0.1:9000")
    {'ws': 'ws://127.0.0.1:9000/ws.okx.com/ws/v5'}
    """
    if isinstance(addresses, dict):
        return {name: through_gateway(value, gateway) for name, value in addresses.items()}
    if isinstance(addresses, list):
        return [through_gateway(value, gateway) for value in addresses]
    if not isinstance(addresses, str):
        return addresses
    secure, place = gateway.startswith("https"), gateway.split("://", maxsplit=1)[1].rstrip("/")

    def changed(found: re.Match[str]) -> str:
        return f"{found[1]}{'s' if secure else ''}://{place}/{found[2]}"

    return _ADDRESS.sub(changed, addresses)
