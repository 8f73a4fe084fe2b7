"""A forward pager: windows with both ends, sorted, each time once, gaps reported and not filled.

Venues cap their answers, sort them either way, add a row before or after the window or say one
twice; ccxt's own paging stops silently at some of them.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Row = TypeVar("Row", bound=tuple[Any, ...])

Fetch = Callable[[int, int], Awaitable[Sequence[Row]]]
"""Asks for the rows in ``[since, until)``; the answer may be any part of them."""


@dataclass(frozen=True)
class Paged(Generic[Row]):
    """Rows of a stretch of time.

    Parameters
    ----------
    rows : list
        In order, each time once.
    gaps : list of tuple of int and int
        First missing time and number of missing rows, between rows and before the end; what is
        missing before the first row is none: there was no market yet.
    """

    rows: list[Row]
    gaps: list[tuple[int, int]]


async def fetch_pages(
    fetch: Fetch[Row], since_ms: int, until_ms: int, step_ms: int, most: int
) -> Paged[Row]:
    """Fetch all rows of a stretch of time, page by page.

    Parameters
    ----------
    fetch : callable
        Asks for one page.
    since_ms, until_ms : int
        The first time, a multiple of the step, and the end, which is not included.
    step_ms : int
        Time between rows.
    most : int
        Rows that one answer holds at most.

    Returns
    -------
    Paged
        What the venue has.

    Raises
    ------
    FeedError
        As `fetch` does.
    """
    found: dict[int, Row] = {}
    for begin_ms in range(since_ms, until_ms, most * step_ms):
        end_ms = min(begin_ms + most * step_ms, until_ms)
        found |= await _fetch_window(fetch, begin_ms, end_ms, step_ms)
    rows = [found[time_ms] for time_ms in sorted(found)]
    return Paged(rows, gaps_between([row[0] for row in rows], until_ms, step_ms))


async def _fetch_window(
    fetch: Fetch[Row], since_ms: int, until_ms: int, step_ms: int
) -> dict[int, Row]:
    """Fetch one page, and what is missing in it: it may only have been cut short."""
    page = _inside(await fetch(since_ms, until_ms), since_ms, until_ms)
    asked: set[tuple[int, int]] = set()
    while page:
        times = [since_ms - step_ms, *sorted(page)]
        missing = [
            (first, first + n * step_ms) for first, n in gaps_between(times, until_ms, step_ms)
        ]
        stretch = next((stretch for stretch in missing if stretch not in asked), None)
        if stretch is None:
            break
        asked.add(stretch)
        page |= _inside(await fetch(*stretch), *stretch)
    return page


def gaps_between(times_ms: Sequence[int], until_ms: int, step_ms: int) -> list[tuple[int, int]]:
    """Return the missing stretches after the first of some times.

    Parameters
    ----------
    times_ms : sequence of int
        Strictly increasing.
    until_ms : int
        Where the stretch ends.
    step_ms : int
        Time from one to the next.

    Returns
    -------
    list of tuple of int and int
        First missing time, and how many are missing.

    Examples
    --------
    >>> gaps_between([0, 60, 240], 300, 60)
    [(120, 2)]
    """
    if not times_ms:
        return []
    ends = [*times_ms[1:], until_ms]
    return [
        (time_ms + step_ms, -(-(end_ms - time_ms) // step_ms) - 1)
        for time_ms, end_ms in zip(times_ms, ends, strict=True)
        if end_ms - time_ms > step_ms
    ]


def _inside(rows: Sequence[Row], since_ms: int, until_ms: int) -> dict[int, Row]:
    return {row[0]: row for row in rows if since_ms <= row[0] < until_ms}
