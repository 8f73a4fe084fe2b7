"""Observed positions in the store: what was seen last, and nothing else."""

import math
from dataclasses import replace

from liqbands.instrument import Instrument
from liqbands_server.store.instruments import add_instrument
from liqbands_server.store.observed import (
    ObservedPosition,
    forget_accounts,
    read_positions,
    replace_positions,
)
from liqbands_server.store.store import Store

ALICE, BOB = "0x" + "a" * 40, "0x" + "b" * 40


def two_markets(store: Store) -> tuple[int, int]:
    with store.writing() as connection:
        first, second = (
            add_instrument(connection, Instrument("hyperliquid", f"{coin}/USDC:USDC")).id
            for coin in ("BTC", "ETH")
        )
    return first, second


def held(own: int, account: str = ALICE, side: int = 1, price: float = 90.0) -> ObservedPosition:
    return ObservedPosition(own, account, side, 2.0, 100.0, price, 1_000)


def replaced(store: Store, account: str, own: list[int], *positions: ObservedPosition) -> None:
    with store.writing() as connection:
        replace_positions(connection, account, own, positions)


def stored(store: Store, *own: int) -> list[ObservedPosition]:
    with store.reading() as connection:
        return read_positions(connection, own)


def test_what_an_account_holds_comes_back(store: Store) -> None:
    first, second = two_markets(store)
    replaced(store, ALICE, [first, second], held(second, side=-1), held(first))
    assert stored(store, first, second) == [held(first), held(second, side=-1)]
    assert stored(store, first) == [held(first)]


def test_a_position_that_is_never_liquidated_has_no_price(store: Store) -> None:
    first, _ = two_markets(store)
    replaced(store, ALICE, [first], held(first, price=math.nan))
    (found,) = stored(store, first)
    assert math.isnan(found.liquidation_price)


def test_what_is_no_longer_held_is_gone_and_others_keep_theirs(store: Store) -> None:
    first, second = two_markets(store)
    replaced(store, ALICE, [first, second], held(first), held(second))
    replaced(store, BOB, [first, second], held(first, BOB))
    later = replace(held(second), contracts=5.0, seen_ms=2_000)
    replaced(store, ALICE, [first, second], later)
    assert stored(store, first, second) == [held(first, BOB), later]
    replaced(store, ALICE, [first, second])
    assert stored(store, first, second) == [held(first, BOB)]


def test_accounts_that_are_no_longer_observed_are_forgotten(store: Store) -> None:
    first, second = two_markets(store)
    for account in (ALICE, BOB):
        replaced(store, account, [first], held(first, account))
        replaced(store, account, [second], held(second, account))
    with store.writing() as connection:
        forget_accounts(connection, [first], [BOB])
    assert stored(store, first, second) == [
        held(first, BOB), held(second), held(second, BOB),
    ]  # fmt: skip
