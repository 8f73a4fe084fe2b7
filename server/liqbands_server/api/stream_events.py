"""Server-sent events: how one is written, and the documents that they carry.

Times of bars and columns, ``t``, are seconds, as chart libraries have them; so is everything else
of a column as in ``format=grid`` of `/heatmap`.
"""

import base64
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from liqbands.results import Heatmap
from liqbands_server.api.heatmap_payload import HeatmapPayload, rows_of
from liqbands_server.api.heatmap_quantised import Bytes, norm_of, quantise, to_bytes
from liqbands_server.band_objects import known
from liqbands_server.service.charts import ChartBars
from liqbands_server.service.listings import Listing
from liqbands_server.store.changes import Change
from liqbands_server.store.instruments import StoredInstrument
from liqbands_server.store.liquidations import read_liquidations

RETRY_MS: Final = 3_000
"""After so long a client that lost its connection comes back."""

MOST_LIQUIDATIONS: Final = 500
"""More of them are not told one by one."""

OPENING: Final = f"retry: {RETRY_MS}\n\n".encode()
HEARTBEAT: Final = b": still here\n\n"

_PRICES: Final = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    Parameters
    ----------
    name : {"bar", "column", "bands", "slots", "liquidations", "reload"}
        What it is about.
    document : mapping
        Plain data.
    """

    name: str
    document: Mapping[str, Any]


def frame_of(events: Sequence[Event], before_id: int, after_id: int) -> bytes:
    """Write events that belong together.

    Parameters
    ----------
    events : sequence of Event
        In order.
    before_id, after_id : int
        The change up to which a client knows everything before the last event, and after it:
        whoever loses the connection in between is told all of it again.

    Returns
    -------
    bytes
        As in the HTML standard.

    Examples
    --------
    >>> print(frame_of([Event("bar", {"t": 60}), Event("bar", {"t": 120})], 7, 8).decode(), end="")
    id: 7
    event: bar
    data: {"t":60}
    <BLANKLINE>
    id: 8
    event: bar
    data: {"t":120}
    <BLANKLINE>
    """
    ids = [before_id] * (len(events) - 1) + [after_id]
    lines = [
        f"id: {number}\nevent: {event.name}\ndata: {_json(event.document)}\n\n"
        for number, event in zip(ids, events, strict=True)
    ]
    return "".join(lines).encode()


def reload_event(reason: str) -> Event:
    """Return the request to ask for everything anew.

    Parameters
    ----------
    reason : str
        Why, for people.

    Returns
    -------
    Event
        As charts.md has it.
    """
    return Event("reload", {"s": "reload", "reason": reason})


def bar_events(bars: ChartBars, from_ms: int) -> list[Event]:
    """Return the bars from a time on.

    Parameters
    ----------
    bars : ChartBars
        Of one resolution, up to the one that is forming.
    from_ms : int
        First open time.

    Returns
    -------
    list of Event
        One for each bar.
    """
    first = int(bars.open_time_ms.searchsorted(from_ms))
    return [Event("bar", _bar(bars, i)) for i in range(first, len(bars))]


def column_events(payload: HeatmapPayload, from_ms: int) -> list[Event]:
    """Return the last columns of a heatmap, in bytes on the scale of the whole.

    Parameters
    ----------
    payload : HeatmapPayload
        The heatmap that the client would get now.
    from_ms : int
        First open time.

    Returns
    -------
    list of Event
        One for each column.
    """
    heatmap, quantised = payload.heatmap, quantise(payload.heatmap)
    shared = _shared(payload, quantised.norm)
    first = int(heatmap.open_time_ms.searchsorted(from_ms))
    return [
        Event("column", shared | _column(heatmap, i, quantised.cells[i], quantised.norm))
        for i in range(first, heatmap.n_bars)
    ]


def forming_column_event(payload: HeatmapPayload, column: Heatmap, seen_ms: int) -> Event:
    """Return the column that is forming, on the scale of the closed ones.

    Parameters
    ----------
    payload : HeatmapPayload
        The heatmap that the client would get now, of closed bars.
    column : Heatmap
        One column on the same rows; what exceeds the scale is shown as its end.
    seen_ms : int
        When the newest bar in it looked like that; later ones may be in it as well.

    Returns
    -------
    Event
        With ``live`` and ``seen``, which no answer has.
    """
    norm = norm_of(payload.heatmap.notional)
    cells = to_bytes(np.minimum(column.notional[0], np.float32(2.0**norm)), norm)
    shown = _shared(payload, norm) | _column(column, 0, cells, norm)
    document = shown | {"live": True, "seen": seen_ms}
    return Event("column", document)


def _shared(payload: HeatmapPayload, norm: int) -> dict[str, Any]:
    heatmap, provenance = payload.heatmap, payload.answer.provenance
    rows = rows_of(heatmap)
    return {
        "s": "ok",
        "rev": provenance.as_of_ms,
        "norm": norm,
        "max": 2.0**norm,
        "unit": heatmap.unit,
        "stale": provenance.stale,
        "simulated": provenance.simulated,
        "rows": rows["count"],
        "p0": rows["p0"],
        "dp": rows["dp"],
    }


def _column(heatmap: Heatmap, i: int, cells: Bytes, norm: int) -> dict[str, Any]:
    split_long = np.minimum(heatmap.split_long[i : i + 1], np.float32(2.0**norm))
    return {
        "t": int(heatmap.open_time_ms[i]) // 1000,
        "closed": not heatmap.is_forming[i],
        "split_row": int(heatmap.split_row[i]),
        "split_long": int(to_bytes(split_long, norm)[0]),
        "mark": float(heatmap.mark[i]),
        "q": base64.b64encode(cells.tobytes()).decode("ascii"),
    }


def liquidations_event(
    connection: Connection, listing: Listing, changes: Iterable[Change]
) -> Event | None:
    """Return the realised liquidations that batches brought.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    listing : Listing
        Whose.
    changes : iterable of Change
        Batches of its members' events.

    Returns
    -------
    Event or None
        Events as `/liquidations` has them; None when there are too many to be told.
    """
    members = {member.id: member for member in listing.members}
    found = [
        _liquidation(members[change.instrument_id], *event)
        for change in changes
        for event in _new_events(connection, change)
    ]
    if len(found) > MOST_LIQUIDATIONS:
        return None
    return Event("liquidations", {"symbol": listing.ticker, "events": found})


def _new_events(connection: Connection, change: Change) -> list[tuple[int, int, float, float]]:
    """Return what was learnt with a batch: what is known with it and was not before."""
    now, before = (
        read_liquidations(connection, change.instrument_id, change.first_ms, change.last_ms, as_of)
        for as_of in (change.learnt_ms, change.learnt_ms - 1)
    )
    counts = [
        Counter(
            zip(
                found.time_ms.tolist(),
                found.side.tolist(),
                found.price.tolist(),
                found.contracts.tolist(),
                strict=True,
            )
        )
        for found in (now, before)
    ]
    return list((counts[0] - counts[1]).elements())


def _liquidation(
    member: StoredInstrument, time_ms: int, side: int, price: float, contracts: float
) -> dict[str, Any]:
    worth = member.instrument.notional_per_contract(np.array([price]))
    return {
        "time": time_ms,
        "symbol": member.ticker,
        "side": "long" if side > 0 else "short",
        "price": price,
        "contracts": contracts,
        "notional": contracts * float(worth[0]),
    }


def _bar(bars: ChartBars, i: int) -> dict[str, Any]:
    open_ms = int(bars.open_time_ms[i])
    prices = {name: known(float(getattr(bars, name)[i])) for name in _PRICES}
    return {"t": open_ms // 1000, **prices, "closed": open_ms < bars.closed_until_ms}


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"), allow_nan=False)
