"""How the feeds are doing: with every answer, in its header, and on the stream when it changes."""

import json

from flask import Flask
from tests.server.api.stream_reading import streaming
from tests.server.sample_store import END_MS, NOW_MS, stored_instrument

from liqbands_server.service.feed_states import SILENT_MS, FeedStates
from liqbands_server.store.health import FeedHealth, FeedState, write_health
from liqbands_server.web.context import context_of

QUERY = {"symbol": "BYBIT:SIMUSDT.P", "timeframe": "1h"}


def say(
    app: Flask, feed: str, state: FeedState, *, seen_ms: int = NOW_MS, throttled: bool = False
) -> None:
    store = context_of(app).markets.store
    owner = stored_instrument(store, "bybit").id
    with store.writing() as connection:
        told = FeedHealth(owner, feed, state, "", END_MS, END_MS, seen_ms, 0, throttled)
        write_health(connection, told)


def states(app: Flask) -> dict[str, str]:
    return FeedStates(context_of(app).markets, lambda: NOW_MS).now()


def test_a_venue_is_as_well_as_the_worst_of_its_feeds(own_app: Flask) -> None:
    assert states(own_app) == {}
    say(own_app, "bybit:trades", "live")
    assert states(own_app) == {"bybit": "live"}
    say(own_app, "bybit:candles", "behind")
    assert states(own_app) == {"bybit": "behind"}
    say(own_app, "bybit:mark", "failed")
    assert states(own_app) == {"bybit": "failed"}


def test_a_feed_that_says_nothing_for_long_is_silent_and_one_that_waits_is_throttled(
    own_app: Flask,
) -> None:
    say(own_app, "bybit:trades", "live", seen_ms=NOW_MS - SILENT_MS - 1)
    assert states(own_app) == {"bybit": "silent"}
    say(own_app, "bybit:trades", "live", throttled=True)
    assert states(own_app) == {"bybit": "throttled"}


def test_every_answer_says_it_from_memory_or_not_and_stays_the_same_answer(own_app: Flask) -> None:
    say(own_app, "bybit:trades", "failed")
    client = own_app.test_client()
    answers = [client.get("/api/v1/bands", query_string=QUERY) for _ in range(2)]
    answers += [client.get("/udf/time"), client.get("/api/v1/nothing")]
    assert {answer.headers["X-Liqbands-Feeds"] for answer in answers} == {'{"bybit":"failed"}'}
    assert "failed" not in answers[0].get_data(as_text=True)
    assert json.loads(answers[0].data) == json.loads(answers[1].data)


def test_a_stream_tells_it_when_it_changes(own_app: Flask) -> None:
    say(own_app, "bybit:trades", "live")
    with streaming(own_app) as reader:
        assert reader.until("feeds")[-1].document == {"bybit": "live"}
        say(own_app, "bybit:trades", "failed")
        assert reader.until("feeds")[-1].document == {"bybit": "failed"}
