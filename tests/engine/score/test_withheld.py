"""The harness, tried with models that are honest and with models that peek."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from tests.engine.markets import BYBIT, HOUR, MARKETS, random_market

from liqbands.candle_rules import OPTIONAL, PRICES
from liqbands.candles import Candles
from liqbands.instrument import FloatArray, Instrument
from liqbands.score.baselines import SweptPineBands
from liqbands.score.types import MapModel, ModelFactory
from liqbands.score.withheld import closed_copy, is_causal, walk_forward, with_other_future

MARKET = random_market(1, n_bars=60)
COLUMNS = ("open_time_ms", *PRICES, *OPTIONAL)


class Watcher:
    """Shows the last close everywhere, and remembers what it was given."""

    def __init__(self, instrument: Instrument, timeframe_ms: int) -> None:
        self.given: list[Candles] = []
        self.shown = 0.0
        self.made_for = instrument, timeframe_ms

    def extend(self, candles: Candles) -> None:
        self.given.append(candles)
        self.shown = self.look(candles)

    def look(self, candles: Candles) -> float:
        return float(candles.close[-1])

    def standing(self, first_bin: int, n_bins: int) -> FloatArray:
        assert first_bin
        return np.full((2, n_bins), self.shown)


class Peeker(Watcher):
    """Looks for the array that its own was cut from."""

    def look(self, candles: Candles) -> float:
        tape = candles.close.base
        return super().look(candles) if tape is None else float(np.asarray(tape)[-1])


class Gambler(Watcher):
    """Draws differently every time."""

    def look(self, candles: Candles) -> float:
        return float(np.random.default_rng().random() + candles.close[0])


class ClassHolder(Watcher):
    """Keeps the tape where all of its kind can see it."""

    tape = MARKET


class GlobalReader(Watcher):
    """Reads the tape from a variable of its module."""

    def look(self, candles: Candles) -> float:
        return float(MARKET.close[len(candles)])


class Inheritor(ClassHolder):
    """Keeps nothing itself."""


class Holder(Watcher):
    """Is handed the tape when it is made."""

    def __init__(self, tape: Any, instrument: Instrument, timeframe_ms: int) -> None:
        super().__init__(instrument, timeframe_ms)
        self.tape = tape


class Maker:
    """A factory that is an object with the tape in it."""

    def __init__(self, tape: object) -> None:
        self.notes = {"for later": [tape]}

    def make(self, instrument: Instrument, timeframe_ms: int) -> MapModel:
        return Watcher(instrument, timeframe_ms)


def closing_over(tape: object) -> ModelFactory:
    def inner() -> object:
        return tape

    def make(instrument: Instrument, timeframe_ms: int) -> MapModel:
        return Holder(inner(), instrument, timeframe_ms)

    return make


def as_default(tape: object) -> ModelFactory:
    def make(instrument: Instrument, timeframe_ms: int, kept: object = tape) -> MapModel:
        return Holder(kept, instrument, timeframe_ms)

    return make


HIDERS: dict[str, Callable[[Candles], ModelFactory]] = {
    "partial": lambda tape: partial(Holder, tape),
    "an array": lambda tape: partial(Holder, tape.high),
    "a slice of an array": lambda tape: partial(Holder, tape.high[5:9]),
    "a copy of an array": lambda tape: partial(Holder, tape.high.copy()),
    "closure": closing_over,
    "default": as_default,
    "object": lambda tape: Maker(tape).make,
    "class": lambda _: ClassHolder,
    "parent": lambda _: Inheritor,
    "module": lambda _: GlobalReader,
}


@pytest.fixture(params=list(HIDERS))
def hider(request: pytest.FixtureRequest) -> ModelFactory:
    return HIDERS[str(request.param)](MARKET)


def seen_by(model: Watcher, name: str) -> FloatArray:
    return np.concatenate([getattr(part, name) for part in model.given])


@given(MARKETS)
@settings(max_examples=10)
def test_a_model_has_seen_exactly_the_bars_that_were_closed(candles: Candles) -> None:
    stops = sorted({1, (len(candles) + 1) // 2, len(candles)})
    for n, model in walk_forward(Watcher, BYBIT, candles, stops):
        for name in COLUMNS:
            np.testing.assert_array_equal(seen_by(model, name), getattr(candles, name)[:n])
        assert model.made_for == (BYBIT, candles.timeframe_ms)


def test_the_same_model_is_walked_from_stop_to_stop() -> None:
    models = [model for _, model in walk_forward(Watcher, BYBIT, MARKET, (3, 4, 60))]
    assert models[0] is models[2]
    assert [len(part) for part in models[0].given] == [3, 1, 56]


def test_nothing_else_can_be_reached_from_a_copy() -> None:
    copy = closed_copy(MARKET, 5, 9)
    for name in COLUMNS:
        column = getattr(copy, name)
        assert column.base is None
        assert not np.shares_memory(column, getattr(MARKET, name))
        np.testing.assert_array_equal(column, getattr(MARKET, name)[5:9])
    assert copy.timeframe_ms == HOUR


def test_peeking_gains_nothing_on_the_walk() -> None:
    walks = [walk_forward(model, BYBIT, MARKET, (2, 30, 59)) for model in (Watcher, Peeker)]
    for (n, honest), (_, peeker) in zip(*walks, strict=True):
        assert honest.shown == peeker.shown == MARKET.close[n - 1]


def test_the_honest_are_causal_and_the_peeker_is_found_out() -> None:
    for model in (Watcher, SweptPineBands):
        assert is_causal(model, BYBIT, MARKET, (1, 30, 59))
    assert not is_causal(Peeker, BYBIT, MARKET, (59,))
    assert not is_causal(Gambler, BYBIT, MARKET, (1,))


def test_a_factory_that_holds_the_tape_is_refused(hider: ModelFactory) -> None:
    with pytest.raises(ValueError, match="the factory holds the candles"):
        walk_forward(hider, BYBIT, MARKET, (1,))
    assert not is_causal(hider, BYBIT, MARKET, (1,))


def test_a_factory_may_hold_what_is_no_tape() -> None:
    for held in (np.arange(60.0), {"half life": 3}, None, BYBIT, Watcher(BYBIT, HOUR)):
        assert is_causal(closing_over(held), BYBIT, MARKET, (1, 2))


@given(MARKETS)
@settings(max_examples=10)
def test_another_future_keeps_the_past_and_no_later_bar(candles: Candles) -> None:
    n = len(candles) // 2
    other = with_other_future(candles, n)
    np.testing.assert_array_equal(other.open_time_ms, candles.open_time_ms)
    for name in COLUMNS[1:]:
        mine, theirs = getattr(candles, name), getattr(other, name)
        np.testing.assert_array_equal(theirs[:n], mine[:n])
    assert (other.close[n:] != candles.close[n:]).all()
    assert len(candles) == len(other)


def test_stops_have_to_be_in_order_and_closed() -> None:
    forming = replace(MARKET, last_is_forming=True)
    assert len(list(walk_forward(Watcher, BYBIT, forming, (59,)))) == 1
    for candles, stops in ((forming, (60,)), (MARKET, (0, 1)), (MARKET, (61,))):
        with pytest.raises(ValueError, match="stops must be from 1 to"):
            walk_forward(Watcher, BYBIT, candles, stops)
    with pytest.raises(ValueError, match="strictly increasing"):
        walk_forward(Watcher, BYBIT, MARKET, (2, 2))
    with pytest.raises(ValueError, match="must leave a later bar"):
        is_causal(Watcher, BYBIT, MARKET, (60,))
