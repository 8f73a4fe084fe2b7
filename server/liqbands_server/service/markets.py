"""The store as one process sees it: listings and series, read once and then kept up to date."""

import threading
import time
from difflib import get_close_matches
from typing import Final

from liqbands.errors import UnknownSymbolError
from liqbands_server.service.listings import Listing, list_all
from liqbands_server.service.series import Series
from liqbands_server.store.changes import Change, changes_since, last_change
from liqbands_server.store.forming import FormingBar, read_forming
from liqbands_server.store.instruments import StoredInstrument, read_instruments
from liqbands_server.store.store import Store

FORMING_SECONDS: Final = 0.2
"""For so long a forming bar is taken as read."""


class Markets:
    """Listings and candles of a store, shared by the threads of one process.

    Parameters
    ----------
    store : Store
        Open, with this version's tables.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = threading.RLock()
        self._series: dict[tuple[int, int], Series] = {}
        self._versions: dict[int, int] = {}
        self._listings: dict[str, Listing] = {}
        self._forming: dict[int, FormingBar] = {}
        self._forming_until = 0.0
        self._last_change = 0
        with store.reading() as connection:
            self._last_change = last_change(connection)
            self._read_listings(read_instruments(connection))
            self._forming = read_forming(connection)

    @property
    def last_change(self) -> int:
        """Return the number of the newest change of the store that this process has seen."""
        return self._last_change

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Return all that can be asked for."""
        return tuple(self._listings.values())

    def find(self, ticker: str) -> Listing:
        """Return a listing by its ticker.

        Parameters
        ----------
        ticker : str
            E.g. ``"BINANCE:BTCUSDT.P"``, or the name without venue where it is unique; case does
            not matter.

        Returns
        -------
        Listing
            The one meant.

        Raises
        ------
        UnknownSymbolError
            If there is none, or several have the name.
        """
        wanted = ticker.upper()
        if wanted in self._listings:
            return self._listings[wanted]
        same = [listing for listing in self.listings if listing.name == wanted]
        if len(same) == 1:
            return same[0]
        if same:
            venues = ", ".join(listing.ticker for listing in same)
            raise UnknownSymbolError(f"symbol {ticker[:64]!r} is listed by several: {venues}")
        near = get_close_matches(wanted, self._listings, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "; /api/v1/symbols lists them"
        raise UnknownSymbolError(f"unknown symbol {ticker[:64]!r}{hint}")

    def series(self, stored: StoredInstrument) -> Series:
        """Return the base series of an instrument.

        Parameters
        ----------
        stored : StoredInstrument
            A member of a listing.

        Returns
        -------
        Series
            As of the last `refresh`.
        """
        with self._lock:
            base = stored.base
            key = (stored.id, base.timeframe_ms)
            if key not in self._series:
                series = Series(stored.ticker, stored.id, base.timeframe_ms, base.anchor_ms)
                with self.store.reading() as connection:
                    series.refresh(connection)
                self._series[key] = series
            return self._series[key]

    def version(self, listing: Listing) -> int:
        """Return the number of the newest change of a listing that this process has seen.

        Parameters
        ----------
        listing : Listing
            Whose.

        Returns
        -------
        int
            Rises with every closed bar; 0 before the first change seen.
        """
        return max(self._versions.get(member.id, 0) for member in listing.members)

    def forming(self, stored: StoredInstrument) -> FormingBar | None:
        """Return the bar of an instrument that has not closed.

        Parameters
        ----------
        stored : StoredInstrument
            A member of a listing.

        Returns
        -------
        FormingBar or None
            None when there is none, or only one that has closed in the meantime.
        """
        if time.monotonic() >= self._forming_until:
            self._read_forming()
        return self._forming.get(stored.id)

    def _read_forming(self) -> None:
        """Take forming bars over, unless there are closed ones that this process has not seen.

        A forming bar may follow one that has closed since the last `refresh`; shown without it,
        a chart would have a hole.  The old one is shown until then, a moment longer.
        """
        with self.store.reading() as connection:
            is_up_to_date = last_change(connection) == self._last_change
            found = read_forming(connection)
        if is_up_to_date:
            self._forming = found
            self._forming_until = time.monotonic() + FORMING_SECONDS

    def look_again(self) -> None:
        """Read forming bars anew when they are asked for next."""
        self._forming_until = 0.0

    def refresh(self) -> list[Change]:
        """Take over what was committed since the last call.

        Returns
        -------
        list of Change
            In order; empty most of the time.
        """
        with self._lock:
            with self.store.reading() as connection:
                changes = changes_since(connection, self._last_change)
                if not changes:
                    return []
                first_ms = _first_candles(changes)
                for (instrument_id, _), series in self._series.items():
                    if instrument_id in first_ms:
                        series.refresh(connection, first_ms[instrument_id])
                self._read_listings(read_instruments(connection))
            # Last, because whoever sees the new number must see what it stands for.
            self._versions |= {change.instrument_id: change.id for change in changes}
            self._last_change = changes[-1].id
            return changes

    def _read_listings(self, instruments: list[StoredInstrument]) -> None:
        self._listings = {listing.ticker: listing for listing in list_all(instruments)}


def _first_candles(changes: list[Change]) -> dict[int, int]:
    first: dict[int, int] = {}
    for change in changes:
        if change.kind == "candles":
            known = first.get(change.instrument_id, change.first_ms)
            first[change.instrument_id] = min(known, change.first_ms)
    return first
