"""Small markets, pastes and runs of the importer for its tests.

Bars are hourly and stand at 64,000; the levels are made at `GIVEN`, the open of bar 20.
"""

import atexit
import os
import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.pine.offline import HOUR, Bar, Chart, Drawn, PineScript

from liqbands_pine.script import importer_script

START = 1_767_225_600
GIVEN = START + 20 * HOUR
N_BARS = 30

LONG = "L,63250,63300,12500,83,50,90"
SHORT = "S,65100,65150,8200,61,25,30"
NEAR = "S,64200,64240,30000,70,100,10"
THREE = {(63250.0, 63300.0), (65100.0, 65150.0), (64200.0, 64240.0)}


@cache
def folder() -> Path:
    """Return where translated scripts go; it is removed when the tests end."""
    path = Path(mkdtemp(prefix="liqbands_pine_"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


@cache
def importer() -> PineScript:
    """Return the script, or the one that `LIQBANDS_PINE_SCRIPT` names (see test_mutations)."""
    other = os.environ.get("LIQBANDS_PINE_SCRIPT")
    return PineScript(Path(other).read_text() if other else importer_script(), folder())


def flat(
    n_bars: int = N_BARS,
    price: float = 64_000.0,
    moves: Mapping[int, tuple[float, float, float]] | None = None,
    step: int = HOUR,
) -> list[Bar]:
    """Make bars that stand at a price, save `moves`: {bar: (high, low, close)}."""
    still = (price * 1.0001, price * 0.9999, price)
    rows = [(moves or {}).get(i, still) for i in range(n_bars)]
    return [Bar(START + i * step, price, *row) for i, row in enumerate(rows)]


def paste(
    bands: Sequence[str] = (LONG, SHORT, NEAR),
    symbol: str = "BTCUSDT",
    given: int = GIVEN,
    price: float | str = 64_000,
    more: str = "",
    valid: int = 9_999,
) -> str:
    """Write a payload of one section."""
    total = sum(int(band.split(",")[3]) for band in bands if band.count(",") > 2)
    header = f"s={symbol},g={given},r={price},v={valid},n={len(bands)},t={total},x=binance{more}"
    return f"LH1|{header}|{';'.join(bands)}|END"


def run(
    text: str,
    bars: Sequence[Bar] | None = None,
    chart: Chart | None = None,
    now_s: int | None = None,
    **inputs: Any,
) -> Drawn:
    """Run the importer on a paste."""
    return importer().run(bars or flat(), {"paste1In": text} | inputs, chart, now_s)
