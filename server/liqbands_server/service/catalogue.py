"""What there is to ask for, and how fresh it is."""

from dataclasses import dataclass

from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.provenance import VenueAge, age_of, settled_as_of
from liqbands_server.store.freshness import last_learnt, read_reach
from liqbands_server.store.health import FeedHealth, read_health


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing and how far its data reach.

    Parameters
    ----------
    listing : Listing
        What can be asked for.
    first_ms : int
        Open of its reference's first bar, UTC milliseconds.
    ages : tuple of VenueAge
        Of each member that was known.
    """

    listing: Listing
    first_ms: int
    ages: tuple[VenueAge, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All listings.

    Parameters
    ----------
    as_of_ms : int
        As of when.
    entries : tuple of Entry
        Listings of which anything was known, in the order of `Markets.listings`.
    """

    as_of_ms: int
    entries: tuple[Entry, ...]


def read_catalogue(markets: Markets, asked_ms: int | None, now_ms: int) -> Catalogue:
    """Return what could be asked for at a time.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    asked_ms : int or None
        As of when; None takes the newest data, or the last minute that has settled.
    now_ms : int
        Now, UTC milliseconds.

    Returns
    -------
    Catalogue
        Without reading any candles.

    Raises
    ------
    QuestionError
        If the time lies in the future.
    """
    listings = markets.listings
    with markets.store.reading() as connection:
        as_of_ms = settled_as_of(last_learnt(connection), asked_ms, now_ms)
        members = {member.id: member for listing in listings for member in listing.members}
        reach = {
            key: found
            for key, member in members.items()
            if (found := read_reach(connection, member, as_of_ms)) is not None
        }
    entries = []
    for listing in listings:
        known = [member for member in listing.members if member.id in reach]
        if listing.reference in known:
            ages = tuple(age_of(one, reach[one.id].last_close_ms, as_of_ms) for one in known)
            entries.append(Entry(listing, reach[listing.reference.id].first_ms, ages))
    return Catalogue(as_of_ms, tuple(entries))


def feeds_of(markets: Markets) -> dict[str, list[FeedHealth]]:
    """Return how the sources of each venue are doing.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.

    Returns
    -------
    dict of str to list of FeedHealth
        By ticker; what they last said.
    """
    tickers = {
        member.id: member.ticker for listing in markets.listings for member in listing.members
    }
    feeds: dict[str, list[FeedHealth]] = {ticker: [] for ticker in tickers.values()}
    with markets.store.reading() as connection:
        for health in read_health(connection):
            if health.instrument_id in tickers:
                feeds[tickers[health.instrument_id]].append(health)
    return feeds
