"""Options that the commands of the server share; each stands for a setting."""

from pathlib import Path
from typing import Annotated, Any

import typer

StoreOption = Annotated[
    str | None,
    typer.Option("--store", metavar="STORE", help="SQLite file or postgresql:// address."),
]
PortOption = Annotated[
    int | None, typer.Option("--port", metavar="PORT", help="Where to listen; 8765 unless set.")
]
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--files-from", metavar="FOLDER", help="Recorded markets, for a store that has none."
    ),
]

VenuesOption = Annotated[
    str | None,
    typer.Option("--venues", metavar="VENUES", help="Live venues, e.g. binance,bybit,okx."),
]
SymbolsOption = Annotated[
    str | None,
    typer.Option("--symbols", metavar="COINS", help="Their coins; BTC,ETH,SOL,XRP unless set."),
]


def as_variables(**options: Any) -> dict[str, str]:
    """Return options as the variables that they stand for.

    Parameters
    ----------
    **options : object
        By setting; None is left out.

    Returns
    -------
    dict of str to str
        For `liqbands_server.settings.load_settings`.

    Examples
    --------
    >>> as_variables(port=9000, store=None)
    {'LIQBANDS_PORT': '9000'}
    """
    return {
        f"LIQBANDS_{name.upper()}": str(value)
        for name, value in options.items()
        if value is not None
    }
