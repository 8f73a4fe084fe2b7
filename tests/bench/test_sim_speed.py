"""How fast the simulated exchange runs; no timing here can fail, see the table at the end."""

from typing import Any

import pytest

from liqbands.sim import Exchange, Recording, find_world, record

HOUR_OF_SECONDS = 3_600
DAY_OF_STEPS = 8_640
TIMES_REAL_TIME = 100

pytestmark = pytest.mark.benchmark(disable_gc=True)


def running(name: str) -> Exchange:
    """Return a market that five days have filled."""
    exchange = Exchange(find_world(name), seed=1)
    exchange.advance_to(exchange.start_ms + 5 * 86_400_000)
    return exchange


def test_an_hour_in_steps_of_a_second(benchmark: Any) -> None:
    """The market that is watched live; it has to be a hundred times as fast as the clock."""
    exchange = running("live")
    benchmark.extra_info["bound_s"] = HOUR_OF_SECONDS / TIMES_REAL_TIME
    benchmark.pedantic(exchange.advance, (HOUR_OF_SECONDS,), rounds=25, warmup_rounds=1)
    seconds = benchmark.stats.stats.median
    benchmark.extra_info["steps_per_s"] = round(HOUR_OF_SECONDS / seconds)
    benchmark.extra_info["times_real_time"] = round(HOUR_OF_SECONDS / seconds)


def test_a_day_in_steps_of_ten_seconds(benchmark: Any) -> None:
    exchange = running("base")
    benchmark.extra_info["bound_s"] = 0.5
    benchmark.pedantic(exchange.advance, (DAY_OF_STEPS,), rounds=15, warmup_rounds=1)
    seconds = benchmark.stats.stats.median
    benchmark.extra_info["steps_per_s"] = round(DAY_OF_STEPS / seconds)
    benchmark.extra_info["times_real_time"] = round(10 * DAY_OF_STEPS / seconds)


def test_a_step_of_a_live_market_alone(benchmark: Any) -> None:
    """What a server pays per second, calls included."""
    exchange = running("live")
    benchmark.extra_info["bound_s"] = 1 / TIMES_REAL_TIME
    benchmark.pedantic(exchange.step, rounds=2_000, warmup_rounds=10)


def test_a_true_book(benchmark: Any) -> None:
    exchange = running("base")
    benchmark.extra_info["bound_s"] = 0.05
    benchmark.pedantic(exchange.true_book, (0,), rounds=50, warmup_rounds=2)


def test_a_recording_of_sixty_days(benchmark: Any) -> None:
    """Some 3.7 million positions and 240 true books."""
    benchmark.extra_info["bound_s"] = 30.0
    done: Recording = benchmark.pedantic(record, (find_world("base"), 1), rounds=2)
    benchmark.extra_info["positions_ended"] = len(done.venues[0].closings.kind)
