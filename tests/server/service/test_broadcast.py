"""A channel: frames in order, none twice, and no memory for those who are slow."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from liqbands_server.service.broadcast import Channel

FRAMES = st.lists(st.binary(min_size=1, max_size=3), max_size=12)


@given(FRAMES, FRAMES, st.integers(1, 6))
def test_a_client_gets_what_came_since_or_hears_that_it_is_too_late(
    before: list[bytes], since: list[bytes], n_kept: int
) -> None:
    channel = Channel(n_kept)
    for frame in before:
        channel.publish(frame)
    place = channel.place
    for frame in since:
        channel.publish(frame)
    frames, after = channel.after(place, 0)
    assert frames == (b"".join(since) if len(since) <= n_kept else None)
    assert after == channel.place == len(before) + len(since)


def test_a_waiting_client_is_woken() -> None:
    channel = Channel()
    timer = threading.Timer(0.05, channel.publish, [b"news"])
    timer.start()
    assert channel.after(0, 10) == (b"news", 1)
    timer.join()


def test_a_client_waits_no_longer_than_it_said() -> None:
    assert Channel().after(0, 0.01) == (b"", 0)
