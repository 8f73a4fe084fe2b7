"""Finding symbols by what a person types: base, name, venue or description."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.udf.parameters import Arguments, read_limit
from liqbands_server.udf.symbols import PRICES, ChartSymbol, chart_listings, lines_of, with_line

DEFAULT_LIMIT: Final = 30
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """What is asked of `/search`.

    Parameters
    ----------
    words : tuple of str
        In capitals, all to be found; none gives the default list.
    kind, venue : str
        Bounds in capitals; empty for any.
    limit : int
        Hits at most.
    """

    words: tuple[str, ...]
    kind: str
    venue: str
    limit: int


def read_search(arguments: Arguments) -> SearchQuestion:
    """Read the parameters of `/search`.

    Parameters
    ----------
    arguments : MultiDict
        The query.

    Returns
    -------
    SearchQuestion
        Checked.

    Raises
    ------
    QuestionError
        If `limit` is no whole number.
    """
    return SearchQuestion(
        tuple(arguments.get("query", "").upper().split()),
        arguments.get("type", "").upper(),
        arguments.get("exchange", "").upper(),
        read_limit(arguments, DEFAULT_LIMIT, MOST),
    )


def search(markets: Markets, question: SearchQuestion) -> list[dict[str, str]]:
    """Return the symbols that fit, those whose name begins with the first word first.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    question : SearchQuestion
        What is looked for.  Band symbols are found only by a word with ``#``.

    Returns
    -------
    list of dict
        Empty when nothing fits.
    """
    fitting = [
        listing
        for listing in chart_listings(markets)
        if question.venue in ("", listing.venue) and question.kind in ("", listing.kind.upper())
    ]
    found = [symbol for listing in fitting for symbol in _matching(listing, question.words)]
    first = question.words[0] if question.words else ""
    found.sort(key=lambda symbol: not symbol.listing.name.startswith(first.partition("#")[0]))
    return [_hit(symbol) for symbol in found[: question.limit]]


def _matching(listing: Listing, words: tuple[str, ...]) -> Iterator[ChartSymbol]:
    pair = "" if listing.is_aggregate else listing.instrument.symbol
    text = f"{listing.ticker} {pair} {listing.description}".upper()
    wanted = PRICES
    for word in words:
        plain, sharp, line = word.partition("#")
        if plain not in text:
            return
        wanted = sharp + line or wanted
    if wanted == PRICES:
        yield ChartSymbol(listing)
    else:
        yield from (
            ChartSymbol(listing, line)
            for line in lines_of(listing)
            if f"#{line}".startswith(wanted)
        )


def _hit(symbol: ChartSymbol) -> dict[str, str]:
    return {
        "symbol": with_line(symbol.listing.name, symbol.line),
        "full_name": symbol.ticker,
        "ticker": symbol.ticker,
        "description": symbol.description,
        "exchange": symbol.listing.venue,
        "type": symbol.listing.kind,
    }
