"""What was committed about a listing since a change: where to look again, and new liquidations."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from liqbands_server.service.listings import Listing
from liqbands_server.store import tables as t
from liqbands_server.store.changes import Change, changes_since


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told about a listing after a change.

    Parameters
    ----------
    until_id : int
        The newest change of the listing; everything up to it is in here.
    candles_from_ms : int or None
        First bar that is new or corrected; None when no bar is.
    liquidations : tuple of Change
        Batches of new events.
    slots_from_ms : int or None
        First new or corrected column of bands by slot; None when there is none.
    """

    until_id: int
    candles_from_ms: int | None
    liquidations: tuple[Change, ...] = ()
    slots_from_ms: int | None = None


def newest_change(connection: Connection, listing: Listing, until_id: int) -> int:
    """Return the newest change of a listing, the same whichever process asks.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    listing : Listing
        Whose.
    until_id : int
        Later changes do not count.

    Returns
    -------
    int
        Its `Change.id`, 0 when there is none.
    """
    c = t.change.c
    found = connection.execute(
        select(c.id)
        .where((c.id <= until_id) & c.instrument_id.in_(_members(listing)))
        .order_by(c.id.desc())
        .limit(1)
    ).scalar()
    return int(found or 0)


def news_since(connection: Connection, listing: Listing, after_id: int, until_id: int) -> News:
    """Return what is to be told.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    listing : Listing
        About what.
    after_id, until_id : int
        Changes after the one, up to the other.

    Returns
    -------
    News
        With `until_id` as `after_id` when there is nothing.
    """
    members = _members(listing)
    changes = [
        change
        for change in changes_since(connection, after_id)
        if change.id <= until_id and change.instrument_id in members
    ]
    return News(
        until_id=changes[-1].id if changes else after_id,
        candles_from_ms=_first_ms(changes, "candles"),
        liquidations=tuple(change for change in changes if change.kind == "liquidations"),
        slots_from_ms=_first_ms(changes, "bands"),
    )


def _first_ms(changes: list[Change], kind: str) -> int | None:
    return min((change.first_ms for change in changes if change.kind == kind), default=None)


def _members(listing: Listing) -> list[int]:
    return [member.id for member in listing.members]
