"""Quantities by price bin: what was traded in a minute, and what rested in the order book."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from sqlalchemy import Connection, select

from liqbands.instrument import FloatArray
from liqbands_server.store import tables as t
from liqbands_server.store.bulk import whole_time

ProfileKind = Literal["trades", "depth"]

_STORED: Final = np.dtype("<f4")


@dataclass(frozen=True, eq=False)
class PriceProfile:
    """Quantities by bin of the engine's grid.

    Parameters
    ----------
    first_bin : int
        Of `liqbands.grid.PriceGrid.of` the instrument's kind of market.
    sold_or_bid, bought_or_ask : ndarray, shape (n_bins,)
        By takers who sold and who bought; or resting bids and asks.  Contracts.
    """

    first_bin: int
    sold_or_bid: FloatArray
    bought_or_ask: FloatArray


def write_profile(
    connection: Connection,
    instrument_id: int,
    kind: ProfileKind,
    time_ms: int,
    profile: PriceProfile,
) -> None:
    """Store a profile; one of the same time is replaced.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    instrument_id : int
        Whose.
    kind : {"trades", "depth"}
        What was counted.
    time_ms : int
        Open time of the minute, or time of the snapshot.
    profile : PriceProfile
        Kept with seven digits.
    """
    both = np.stack([profile.sold_or_bid, profile.bought_or_ask]).astype(_STORED)
    values = {"first_bin": profile.first_bin, "quantities": both.tobytes()}
    c = t.profile.c
    mine = (c.instrument_id == instrument_id) & (c.kind == kind) & (c.time_ms == time_ms)
    if connection.execute(t.profile.update().where(mine).values(values)).rowcount == 0:
        row = {"instrument_id": instrument_id, "kind": kind, "time_ms": time_ms, **values}
        connection.execute(t.profile.insert().values(row))


def read_profiles(
    connection: Connection, instrument_id: int, kind: ProfileKind, first_ms: int, last_ms: int
) -> dict[int, PriceProfile]:
    """Return the profiles of a stretch of time.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    instrument_id : int
        Whose.
    kind : {"trades", "depth"}
        What was counted.
    first_ms, last_ms : int
        Times, both included.

    Returns
    -------
    dict of int to PriceProfile
        By time, in order.
    """
    c = t.profile.c
    found = connection.execute(
        select(c.time_ms, c.first_bin, c.quantities)
        .where((c.instrument_id == instrument_id) & (c.kind == kind))
        .where(c.time_ms.between(whole_time(first_ms), whole_time(last_ms)))
        .order_by(c.time_ms)
    )
    return {row.time_ms: _profile(row.first_bin, row.quantities) for row in found}


def _profile(first_bin: int, quantities: bytes) -> PriceProfile:
    both = np.frombuffer(quantities, _STORED).astype(np.float64).reshape(2, -1)
    return PriceProfile(first_bin, both[0], both[1])
