"""The simulated market: the same every time, plausible, and labelled as simulated."""

import numpy as np
import pytest

from liqbands_server.demo_market import demo_market


def test_the_same_seed_gives_the_same_market() -> None:
    one, two = demo_market(48)[0], demo_market(48)[0]
    for name in ("open", "high", "low", "close", "volume", "taker_buy_volume", "open_interest"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert not np.array_equal(demo_market(48, seed=1)[0].close, one.close)


def test_it_is_labelled_as_simulated() -> None:
    instrument = demo_market(10)[1]
    assert instrument.venue == "simulated"
    assert instrument.symbol == "SIM/USDT:USDT"


def test_bars_join_and_every_quantity_is_known() -> None:
    candles, _ = demo_market(240)
    assert len(candles) == 240
    # A bar begins where the last one ended, but for what the first seconds move.
    assert np.abs(np.log(candles.open[1:] / candles.close[:-1])).max() < 1e-12
    assert np.isfinite(candles.open_interest).all()
    assert ((candles.taker_buy_volume > 0) & (candles.taker_buy_volume < candles.volume)).all()


def test_volatility_clusters_and_tails_are_heavy() -> None:
    returns = np.diff(np.log(demo_market()[0].close))
    size = np.abs(returns - returns.mean())
    assert 0.01 < returns.std() * np.sqrt(24) < 0.10
    assert np.corrcoef(size[1:], size[:-1])[0, 1] > 0.05
    assert ((returns - returns.mean()) ** 4).mean() / returns.var() ** 2 > 4


def test_a_single_bar_is_refused() -> None:
    with pytest.raises(ValueError, match="n_bars must be at least 2, was 1"):
        demo_market(1)
