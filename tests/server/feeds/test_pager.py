"""Pages: however a venue cuts its answers, the rows are the same, in order and each once."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from liqbands_server.feeds.pager import Paged, fetch_pages

STEP = 60_000
MOST = 7


class Row(NamedTuple):
    time_ms: int
    value: int


Cut = Callable[[list[Row]], list[Row]]


def fetch(listed: set[int], cut: Cut, until_ms: int) -> Paged[Row]:
    """Return what the pager makes of a venue that lists some rows and cuts its answers."""
    asked: list[tuple[int, int]] = []

    async def answer(since_ms: int, end_ms: int) -> list[Row]:
        assert len(asked) < 500, "the pager asks for ever"
        asked.append((since_ms, end_ms))
        return cut([Row(time, time) for time in sorted(listed) if since_ms <= time < end_ms])

    return asyncio.run(fetch_pages(answer, 0, until_ms, STEP, MOST))


CUTS: st.SearchStrategy[Cut] = st.sampled_from(
    [
        lambda rows: rows,
        lambda rows: rows[::-1],
        lambda rows: rows[:3],
        lambda rows: rows[-2:],
        lambda rows: rows[::2],
        lambda rows: rows + rows[:2],
        lambda rows: [Row(-STEP, 0), *rows, Row(10**9, 0)],
        lambda rows: rows[1:] if len(rows) > 1 else rows,
    ]
)
N_ROWS = st.integers(1, 40)


@given(N_ROWS, CUTS)
def test_any_cut_of_pages_gives_the_same_contiguous_rows(n: int, cut: Cut) -> None:
    listed = {k * STEP for k in range(n)}
    paged = fetch(listed, cut, n * STEP)
    assert [row.time_ms for row in paged.rows] == sorted(listed)
    assert paged.gaps == []


@given(N_ROWS, CUTS, st.sets(st.integers(0, 39), max_size=10))
def test_what_the_venue_does_not_have_is_a_gap_and_is_not_filled(
    n: int, cut: Cut, missing: set[int]
) -> None:
    listed = {k * STEP for k in range(n) if k not in missing}
    paged = fetch(listed, cut, n * STEP)
    assert [row.time_ms for row in paged.rows] == sorted(listed)
    told = {first + k * STEP for first, n_missing in paged.gaps for k in range(n_missing)}
    begun = min(listed, default=n * STEP)
    assert told == {k * STEP for k in range(n) if k * STEP > begun and k * STEP not in listed}


def test_what_lies_before_the_first_row_is_no_gap() -> None:
    listed = {k * STEP for k in range(20, 25)}
    assert fetch(listed, lambda rows: rows, 25 * STEP).gaps == []


def test_a_page_is_never_wider_than_an_answer_can_be() -> None:
    widest = 0

    async def answer(since_ms: int, end_ms: int) -> list[Row]:
        nonlocal widest
        widest = max(widest, (end_ms - since_ms) // STEP)
        return [Row(time, 0) for time in range(since_ms, end_ms, STEP)]

    asyncio.run(fetch_pages(answer, 0, 100 * STEP, STEP, MOST))
    assert widest == MOST
