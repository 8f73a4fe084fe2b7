"""Which feeds there are."""

import importlib

import pytest

from liqbands_server.errors import ConfigurationError
from liqbands_server.feeds.venues.registry import FEEDS, find_border

EVERY_FEED = pytest.mark.parametrize("feed", FEEDS)


@EVERY_FEED
def test_a_border_knows_its_own_key(feed: str) -> None:
    assert find_border(feed).feed == feed


@EVERY_FEED
def test_a_border_names_a_class_of_ccxt_pro(feed: str) -> None:
    assert hasattr(importlib.import_module("ccxt.pro"), find_border(feed).exchange_name)


def test_an_unknown_feed_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match=r"venue must be one of binance, .*, was 'bitmex'"):
        find_border("bitmex")
