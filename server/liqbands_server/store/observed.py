"""Open positions of accounts that are observed: only what was seen last."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from liqbands_server.store import tables as t


@dataclass(frozen=True, slots=True)
class ObservedPosition:
    """One position.

    Parameters
    ----------
    instrument_id : int
        In which instrument.
    account : str
        Whose, e.g. an address.
    side : int
        +1 long, -1 short.
    contracts : float
        Of the instrument.
    entry_price, liquidation_price : float
        Quote per base; the second is NaN where the margin covers every price.
    seen_ms : int
        When the venue said so.
    """

    instrument_id: int
    account: str
    side: int
    contracts: float
    entry_price: float
    liquidation_price: float
    seen_ms: int


def replace_positions(
    connection: Connection,
    account: str,
    instrument_ids: Collection[int],
    positions: Sequence[ObservedPosition],
) -> None:
    """Store all that an account holds in some instruments, in place of what it held before.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    account : str
        Whose.
    instrument_ids : collection of int
        In which instruments.
    positions : sequence of ObservedPosition
        Of this account in these instruments; what is not there is closed.
    """
    c = t.observed_position.c
    before = (c.account == account) & c.instrument_id.in_(list(instrument_ids))
    connection.execute(t.observed_position.delete().where(before))
    if positions:
        connection.execute(t.observed_position.insert(), [_row(one) for one in positions])


def forget_accounts(
    connection: Connection, instrument_ids: Collection[int], but: Collection[str]
) -> None:
    """Drop what is stored of accounts that are no longer observed.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    instrument_ids : collection of int
        In which instruments.
    but : collection of str
        Those that still are.
    """
    c = t.observed_position.c
    others = c.instrument_id.in_(list(instrument_ids)) & c.account.not_in(list(but))
    connection.execute(t.observed_position.delete().where(others))


def read_positions(
    connection: Connection, instrument_ids: Collection[int]
) -> list[ObservedPosition]:
    """Return what is held in some instruments.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    instrument_ids : collection of int
        In which.

    Returns
    -------
    list of ObservedPosition
        By instrument, account and side.
    """
    c = t.observed_position.c
    columns = [c[name] for name in ObservedPosition.__slots__]
    found = connection.execute(
        select(*columns)
        .where(c.instrument_id.in_(list(instrument_ids)))
        .order_by(c.instrument_id, c.account, c.side)
    )
    return [_position(row) for row in found]


def _row(position: ObservedPosition) -> dict[str, object]:
    row = {name: getattr(position, name) for name in ObservedPosition.__slots__}
    price = position.liquidation_price
    return {**row, "liquidation_price": None if math.isnan(price) else price}


def _position(row: Row[tuple[Any, ...]]) -> ObservedPosition:
    values = row._asdict()
    if values["liquidation_price"] is None:
        values["liquidation_price"] = math.nan
    return ObservedPosition(**values)
