"""`/overview`: the live heatmap as a picture, the strongest bands, and where everything else is.

It needs no script.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from liqbands.timeframes import format_time
from liqbands.zones import bands
from liqbands_server.api.blueprints import PREFIX
from liqbands_server.service.listings import Listing
from liqbands_server.service.provenance import resolve_as_of
from liqbands_server.service.snapshots import answer_snapshot
from liqbands_server.web.context import this_context

WINDOWS: Final = ("1d", "3d", "1w", "1M")
REFRESH_SECONDS: Final = 60
_SHOWN_BANDS: Final = 12
_DIGITS: Final = 6

blueprint = Blueprint("front_page", __name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that shows something else.

    Parameters
    ----------
    name, path : str
        What it says and where it leads.
    chosen : bool
        Whether it is what is shown.
    """

    name: str
    path: str
    chosen: bool


@blueprint.get("/overview")
def overview(*, chart_missing: bool = False) -> str:
    """Show one listing, the first of the store unless another is named.

    Parameters
    ----------
    chart_missing : bool
        Whether to say that this is shown because the chart page was not built.

    Returns
    -------
    str
        HTML.
    """
    context = this_context()
    listings = context.markets.listings
    if not listings:
        return render_template("empty.html", refresh=5, chart_missing=chart_missing)
    named = request.args.get("symbol")
    listing = context.markets.find(named) if named else listings[0]
    asked = request.args.get("window", "3d")
    window = asked if asked in WINDOWS else "3d"
    as_of_ms = resolve_as_of(context.markets, listing, None, context.now_ms())
    found = answer_snapshot(context.markets, context.books, listing, as_of_ms)
    return render_template(
        "front.html",
        refresh=REFRESH_SECONDS,
        chart_missing=chart_missing,
        listing=listing,
        symbols=[_choice(one.ticker, one.ticker, window, listing) for one in listings],
        windows=[_choice(one, listing.ticker, one, listing, window) for one in WINDOWS],
        picture=_picture(listing, window, as_of_ms),
        bands=bands(found.snapshot, limit=_SHOWN_BANDS),
        book=found.snapshot,
        time=format_time(found.snapshot.time_ms),
        provenance=found.provenance,
        udf=f"{request.host_url.rstrip('/')}{context.settings.mounts[0].path}",
    )


def _choice(
    name: str, ticker: str, window: str, shown: Listing, shown_window: str | None = None
) -> Choice:
    chosen = ticker == shown.ticker and shown_window in (None, window)
    return Choice(name, "/overview?" + urlencode({"symbol": ticker, "window": window}), chosen)


def _picture(listing: Listing, window: str, as_of_ms: int) -> str:
    query = {"symbol": listing.ticker, "window": window, "as_of": as_of_ms, "format": "png"}
    return f"{PREFIX}/heatmap?" + urlencode(query)


@blueprint.app_template_filter("price")
def price_text(price: float) -> str:
    """Return a price with six significant digits, thousands apart.

    Parameters
    ----------
    price : float
        Quote per base.

    Returns
    -------
    str
        For people.

    Examples
    --------
    >>> price_text(61534.75), price_text(0.000123456789)
    ('61,534.8', '0.000123457')
    """
    decimals = max(0, _DIGITS - len(f"{price:.0f}"))
    return f"{price:,.{decimals}f}" if price >= 1 else f"{price:.{_DIGITS}g}"


@blueprint.app_template_filter("amount")
def amount_text(amount: float) -> str:
    """Return an amount in thousands, millions or billions.

    Parameters
    ----------
    amount : float
        Quote.

    Returns
    -------
    str
        For people.

    Examples
    --------
    >>> amount_text(31_042_190.7), amount_text(950.0)
    ('31.0 M', '950')
    """
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if amount >= size:
            return f"{amount / size:.1f} {letter}"
    return f"{amount:.3g}"
