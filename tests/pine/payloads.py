"""Random levels for the tests of LH1."""

from decimal import Decimal

from hypothesis import strategies as st

from liqbands.instrument import Side
from liqbands_pine.levels import Level, Section

PRICES = st.decimals(Decimal("0.00000001"), Decimal(999999), places=8).filter(lambda p: p > 0)
WORDS = st.from_regex(r"[a-z0-9._-]{1,10}", fullmatch=True)
SYMBOLS = st.from_regex(r"[A-Z0-9]{1,12}", fullmatch=True)


@st.composite
def levels(draw: st.DrawFn) -> Level:
    low = draw(PRICES)
    return Level(
        side=draw(st.sampled_from(Side)),
        low=low,
        high=low + max(draw(PRICES), low / 10**6),
        notional=draw(st.integers(1, 10**9)),
        strength=draw(st.integers(0, 100)),
        leverage=draw(st.integers(0, 200)),
        age_minutes=draw(st.integers(0, 10**6)),
        uncertainty_percent=draw(st.integers(0, 999)),
    )


@st.composite
def sections(draw: st.DrawFn, symbol: str | None = None, max_levels: int = 12) -> Section:
    return Section(
        symbol=draw(SYMBOLS) if symbol is None else symbol,
        time_s=draw(st.integers(10**9, 2 * 10**9)),
        reference=draw(PRICES),
        levels=tuple(draw(st.lists(levels(), max_size=max_levels))),
        valid_minutes=draw(st.integers(1, 10_000)),
        venues=tuple(draw(st.lists(WORDS, max_size=3))),
        missing=tuple(draw(st.lists(WORDS, max_size=2))),
        confidence=draw(st.none() | st.integers(0, 100)),
        aliases=tuple(draw(st.lists(SYMBOLS, max_size=2))),
        coins_per_unit=draw(st.sampled_from([1, 1000])),
        sweep_rule=draw(st.sampled_from([None, "near", "middle", "far"])),
        model=draw(st.just("") | WORDS),
    )
