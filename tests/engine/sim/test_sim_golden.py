"""A day of a simulated market, as text: a change of any part shows in the diff."""

from collections.abc import Callable

import numpy as np
from tests.engine.sim.moments import HOUR

from liqbands.sim import START_MS, Event, Exchange, Prices, VenueSettings, World

DAY_OF_A_FALL = World(
    "golden",
    "written out, so that tuning the named worlds does not change it",
    Prices(depth=50e6, drift=0.002),
    event=Event(day=0.7, minutes=60, move=-0.05, depth=0.2),
    venues=(VenueSettings("binance_usdm", share=0.6), VenueSettings("okx", share=0.4)),
)
HEADER = "hour venue       high        low      close       mark   volume       OI   funding"
ENDS = "  forced  stops targets expired   standing"


def six(*numbers: float) -> str:
    return " ".join(f"{number:10.6g}" for number in numbers)


def test_a_simulated_day_is_unchanged(golden: Callable[[str, str], None]) -> None:
    exchange, lines = Exchange(DAY_OF_A_FALL, 20251010), [HEADER + ENDS]
    for hour in range(24):
        exchange.advance_to(START_MS + (hour + 1) * HOUR)
        for v in range(2):
            bars, closings = exchange.take_candles(v), exchange.take_closings(v)
            assert bars is not None
            ended = np.bincount(closings.kind, minlength=5)
            book = exchange.true_book(v)
            lines.append(
                f"{hour:4d} {v:5d} "
                + six(
                    bars.high.max(),
                    bars.low.min(),
                    bars.close[-1],
                    bars.mark_close[-1],
                    bars.volume.sum(),
                    bars.open_interest[-1],
                    bars.funding_rate[-1],
                )
                + "".join(f"{count:8d}" for count in ended[:4])
                + six(float(book.contracts.sum(dtype=np.float64)))
            )
    golden("sim/day.txt", "\n".join(lines) + "\n")
