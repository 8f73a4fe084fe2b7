"""What an answer rests on: as of when, how old, how much was observed, with which settings."""

import hashlib
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Final

import numpy as np

from liqbands.candles import Candles
from liqbands.parameter_files import load_parameter_file, parameter_digest
from liqbands.parameters import Parameters
from liqbands.timeframes import MINUTE_MS
from liqbands_server.errors import QuestionError
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.store.instruments import StoredInstrument

STALE_BARS: Final = 3
"""A venue is stale when its last closed bar is older than so many bars."""


SETTLING_MS: Final = 5_000
"""What is learnt may take so long to arrive; so the default `as_of` never lies closer to now."""


@dataclass(frozen=True, slots=True)
class VenueAge:
    """How old a venue's data are.

    Parameters
    ----------
    venue, ticker : str
        Whose.
    last_close_ms : int
        Close of its newest bar.
    age_ms : int
        Time between that and the answer's `as_of`.
    stale : bool
        Whether that is more than `STALE_BARS` bars.
    """

    venue: str
    ticker: str
    last_close_ms: int
    age_ms: int
    stale: bool


@dataclass(frozen=True, slots=True)
class Provenance:
    """What every answer says about itself.

    Parameters
    ----------
    as_of_ms : int
        Nothing learnt later was used.
    venues : tuple of VenueAge
        By venue, the reference first.
    simulated : bool
        Whether no real market stands behind it.
    observed_share : float
        Share of the bars used whose open interest was reported; the rest is modelled.
    parameters : str
        Name, version and digest of the model's settings.
    input_hash : str
        Of all bars used and of the settings.
    """

    as_of_ms: int
    venues: tuple[VenueAge, ...]
    simulated: bool
    observed_share: float
    parameters: str
    input_hash: str

    @property
    def stale(self) -> bool:
        """Return whether any venue is."""
        return any(venue.stale for venue in self.venues)


def resolve_as_of(markets: Markets, listing: Listing, asked_ms: int | None, now_ms: int) -> int:
    """Return the moment that an answer speaks of.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    listing : Listing
        What is asked about.
    asked_ms : int or None
        What the question says; None takes the newest data, or the last minute that has settled
        where they are older, so that age shows.
    now_ms : int
        Now, UTC milliseconds.

    Returns
    -------
    int
        UTC milliseconds.

    Raises
    ------
    QuestionError
        If it lies in the future, or so close to now that what is known then may still arrive.
    """
    newest = max(markets.series(member).last_learnt_ms for member in listing.members)
    return settled_as_of(newest, asked_ms, now_ms)


def settled_as_of(newest_ms: int, asked_ms: int | None, now_ms: int) -> int:
    """Return a moment of which everything is known that will ever be known of it.

    Parameters
    ----------
    newest_ms : int
        When the newest data were learnt.
    asked_ms : int or None
        What a question says.
    now_ms : int
        Now, UTC milliseconds.

    Returns
    -------
    int
        UTC milliseconds.

    Raises
    ------
    QuestionError
        If it lies in the future, or so close to now that what is known then may still arrive.
    """
    settled = now_ms - SETTLING_MS
    if asked_ms is None:
        return max(newest_ms, settled // MINUTE_MS * MINUTE_MS)
    if asked_ms > max(settled, newest_ms):
        raise QuestionError(
            f"as_of must not lie in the future or the last {SETTLING_MS // 1000} s, which may "
            f"still change; at most {max(settled, newest_ms)} would do, was {asked_ms}",
            "as_of",
        )
    return asked_ms


def default_holds_until(now_ms: int) -> int:
    """Return when the default `as_of` moves on if nothing is learnt.

    Parameters
    ----------
    now_ms : int
        Now, UTC milliseconds.

    Returns
    -------
    int
        UTC milliseconds.
    """
    return ((now_ms - SETTLING_MS) // MINUTE_MS + 1) * MINUTE_MS + SETTLING_MS


def is_settled(markets: Markets, listing: Listing, as_of_ms: int) -> bool:
    """Return whether nothing can be learnt any more that an answer would have to hold.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    listing : Listing
        What is asked about.
    as_of_ms : int
        As of when.

    Returns
    -------
    bool
        Whether every member has learnt something later, after which nothing earlier can follow;
        False while a first load is going on, whose bars count as known at their close.
    """
    return all(
        member.base.first_load_done and markets.series(member).last_learnt_ms > as_of_ms
        for member in listing.members
    )


def provenance_of(
    listing: Listing, used: tuple[Candles, ...], parameters: Parameters, as_of_ms: int
) -> Provenance:
    """Return what an answer rests on.

    Parameters
    ----------
    listing : Listing
        What was asked about.
    used : tuple of Candles
        The bars of each member, in its order.
    parameters : Parameters
        The model's settings.
    as_of_ms : int
        As of when.

    Returns
    -------
    Provenance
        The same for the same data and settings.
    """
    venues = tuple(
        age_of(member, _last_close(bars), as_of_ms)
        for member, bars in zip(listing.members, used, strict=True)
    )
    known = np.concatenate([np.isfinite(bars.open_interest) for bars in used])
    return Provenance(
        as_of_ms=as_of_ms,
        venues=venues,
        simulated=listing.simulated,
        observed_share=float(known.mean()),
        parameters=name_of(parameters),
        input_hash=input_hash(used, parameters),
    )


def input_hash(used: tuple[Candles, ...], parameters: Parameters) -> str:
    """Return a digest of bars and settings.

    Parameters
    ----------
    used : tuple of Candles
        The bars.
    parameters : Parameters
        The model's settings.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    digest = hashlib.blake2b(parameter_digest(parameters).encode(), digest_size=16)
    for bars in used:
        digest.update(str(bars.timeframe_ms).encode())
        for field in fields(bars):
            values = getattr(bars, field.name)
            if isinstance(values, np.ndarray):
                digest.update(np.ascontiguousarray(values).data)
    return digest.hexdigest()


@lru_cache(maxsize=16)
def name_of(parameters: Parameters) -> str:
    """Return the name under which settings go: that of the shipped file, and their digest.

    Parameters
    ----------
    parameters : Parameters
        The model's settings.

    Returns
    -------
    str
        E.g. ``"default-2-1f2e3d4c"``.
    """
    shipped = load_parameter_file()
    digest = parameter_digest(parameters)[:8]
    if shipped.parameters == parameters:
        return f"default-{shipped.version}-{digest}"
    return f"own-{digest}"


def age_of(member: StoredInstrument, last_close_ms: int, as_of_ms: int) -> VenueAge:
    """Return how old an instrument's data are.

    Parameters
    ----------
    member : StoredInstrument
        Whose.
    last_close_ms : int
        Close of its newest bar.
    as_of_ms : int
        As of when.

    Returns
    -------
    VenueAge
        Stale beyond `STALE_BARS` bars.
    """
    age = max(0, as_of_ms - last_close_ms)
    stale = age > STALE_BARS * member.base.timeframe_ms
    return VenueAge(member.instrument.venue, member.ticker, last_close_ms, age, stale)


def _last_close(bars: Candles) -> int:
    return int(bars.open_time_ms[-1]) + bars.timeframe_ms
