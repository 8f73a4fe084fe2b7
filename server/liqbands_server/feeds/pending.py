"""What waits to be written: the newest state of what is overwritten, all of what is counted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sqlalchemy import Connection

from liqbands.candles import Candles
from liqbands.timeframes import MINUTE_MS
from liqbands_server.feeds.bar_assembly import Values
from liqbands_server.store.candles import write_candles
from liqbands_server.store.forming import write_forming_rows
from liqbands_server.store.health import FeedHealth, write_health_rows
from liqbands_server.store.instruments import StoredInstrument
from liqbands_server.store.liquidations import NumberedEvent, write_numbered
from liqbands_server.store.listening import extend_listening
from liqbands_server.store.profiles import PriceProfile, ProfileKind, write_profile

MOST_EVENTS: Final = 200_000
"""Liquidations that wait at most: at 1,000 a second more than three minutes, some 30 MB."""

MOST_OTHERS: Final = 10_000
"""Bars that wait at most, and profiles."""


class Forming(NamedTuple):
    """A bar that has not closed.

    Parameters
    ----------
    open_time_ms : int
        When it opened.
    values : dict of str to float
        Columns of candles by name.
    """

    open_time_ms: int
    values: Values


@dataclass
class Pending:
    """What is committed together.

    Parameters
    ----------
    forming : dict of int to callable
        By instrument: asked for the bar when the batch is made up, None where there is none.
    bars : list
        Closed bars, oldest first.
    liquidations : dict of int to list
        By instrument.
    listening : dict
        By instrument and stream: from when to when it was listened to.
    profiles : list
        With instrument, kind and time.
    health : dict
        By instrument and feed.
    """

    forming: dict[int, Callable[[], Forming | None]] = field(default_factory=dict)
    bars: list[tuple[StoredInstrument, Candles]] = field(default_factory=list)
    liquidations: dict[int, list[NumberedEvent]] = field(default_factory=dict)
    n_liquidations: int = 0
    listening: dict[tuple[int, str], list[tuple[int, int]]] = field(default_factory=dict)
    profiles: list[tuple[int, ProfileKind, int, PriceProfile]] = field(default_factory=list)
    health: dict[tuple[int, str], FeedHealth] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to write."""
        return not (
            self.forming
            or self.bars
            or self.liquidations
            or self.listening
            or self.profiles
            or self.health
        )

    @property
    def is_full(self) -> bool:
        """Return whether nothing more must be counted before this is written."""
        return self.n_liquidations >= MOST_EVENTS or len(self.bars) >= MOST_OTHERS

    def add_liquidation(self, instrument_id: int, event: NumberedEvent) -> None:
        """Add an event.

        Parameters
        ----------
        instrument_id : int
            Whose.
        event : tuple
            With the number of equal ones before it.
        """
        self.liquidations.setdefault(instrument_id, []).append(event)
        self.n_liquidations += 1

    def add_listening(self, instrument_id: int, stream: str, from_ms: int, until_ms: int) -> None:
        """Add a stretch in which a stream was heard; one that goes on replaces its beginning.

        Parameters
        ----------
        instrument_id : int
            Whose.
        stream : str
            Which.
        from_ms, until_ms : int
            From when to when.
        """
        stretches = self.listening.setdefault((instrument_id, stream), [])
        if stretches and stretches[-1][0] <= from_ms <= stretches[-1][1]:
            from_ms = stretches.pop()[0]
        stretches.append((from_ms, until_ms))

    def add_profile(
        self, instrument_id: int, kind: ProfileKind, time_ms: int, profile: PriceProfile
    ) -> None:
        """Add a profile; too many are not kept.

        Parameters
        ----------
        instrument_id : int
            Whose.
        kind : {"trades", "depth"}
            Of what.
        time_ms : int
            When.
        profile : PriceProfile
            The quantities.
        """
        if len(self.profiles) < MOST_OTHERS:
            self.profiles.append((instrument_id, kind, time_ms, profile))

    def taken(self) -> "Batch":
        """Return what is to be written, with the forming bars as they are now."""
        bars = {key: ask() for key, ask in self.forming.items()}
        return Batch(self, {key: bar for key, bar in bars.items() if bar is not None})


@dataclass(frozen=True)
class Batch:
    """What is written in one transaction; writing it twice is writing it once.

    Parameters
    ----------
    pending : Pending
        All of it but forming bars.
    forming : dict of int to Forming
        By instrument.
    """

    pending: Pending
    forming: dict[int, Forming]

    def write(self, connection: Connection, now_ms: int) -> None:
        """Write it.

        Parameters
        ----------
        connection : Connection
            Of a writing transaction.
        now_ms : int
            By our clock.
        """
        pending = self.pending
        for stored, candles in pending.bars:
            write_candles(connection, stored, candles, now_ms)
        for instrument_id, events in pending.liquidations.items():
            write_numbered(connection, instrument_id, events, now_ms)
        for (instrument_id, stream), stretches in pending.listening.items():
            for from_ms, until_ms in stretches:
                extend_listening(connection, instrument_id, stream, from_ms, until_ms)
        for instrument_id, kind, time_ms, profile in pending.profiles:
            write_profile(connection, instrument_id, kind, time_ms, profile)
        write_forming_rows(connection, MINUTE_MS, self.forming, now_ms)
        write_health_rows(connection, list(pending.health.values()))
