"""Random frames for the tests of LHM1."""

import numpy as np
from hypothesis import strategies as st

from liqbands.instrument import Side
from liqbands_mt5.frame import STATES, Frame, FrameBand, Grid, Honesty

FLOAT32 = st.floats(2.0**-100, 2.0**100, width=32)
PRICES = st.floats(1e-9, 1e9)
SECONDS = st.integers(0, 2**32 - 1)
TIMES = st.integers(0, 4 * 10**12)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    n_columns, n_rows = draw(st.integers(1, 6)), draw(st.integers(1, 9))
    values = st.binary(min_size=2 * n_columns * n_rows, max_size=2 * n_columns * n_rows)
    low, high = sorted((draw(FLOAT32), draw(FLOAT32)))
    return Grid(
        t0_ms=draw(TIMES),
        column_ms=draw(st.integers(1, 2**32 - 1)),
        price_min=draw(PRICES),
        row_step=draw(st.floats(1e-6, 0.1)),
        levels=np.frombuffer(draw(values), np.uint8).reshape(2, n_columns, n_rows),
        min_value=low,
        max_value=high,
        last_is_forming=draw(st.booleans()),
    )


@st.composite
def bands(draw: st.DrawFn) -> FrameBand:
    low = draw(PRICES)
    return FrameBand(
        side=draw(st.sampled_from(Side)),
        low=low,
        high=low * draw(st.floats(1.001, 2)),
        peak_price=draw(PRICES),
        start_s=draw(SECONDS),
        notional=draw(FLOAT32),
        notional_low=draw(FLOAT32),
        notional_high=draw(FLOAT32),
        level=draw(st.integers(0, 255)),
        strength=draw(st.integers(0, 100)),
        state=draw(st.sampled_from(STATES)),
        end_s=draw(SECONDS),
        leverage=draw(st.integers(0, 65_535)),
    )


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    return Frame(
        symbol=draw(st.from_regex(r"[A-Z0-9._-]{1,23}", fullmatch=True)),
        seq=draw(st.integers(1, 2**32 - 1)),
        generated_ms=draw(TIMES),
        data_ms=draw(TIMES),
        reference_price=draw(PRICES),
        grid=draw(st.none() | grids()),
        bands=tuple(draw(st.lists(bands(), max_size=4))),
        honesty=Honesty(
            venues_live=draw(st.integers(0, 99)),
            venues_total=draw(st.integers(0, 99)),
            observed_share=draw(st.floats(0, 1, width=32)),
            oldest_venue_ms=draw(TIMES),
        ),
        simulated=draw(st.booleans()),
        degraded=draw(st.booleans()),
        relative=draw(st.booleans()),
    )
