"""`liqbands score --real` and `liqbands score FILE`: recorded liquidations."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from liqbands.candles import Candles
from liqbands.errors import MarketDataError
from liqbands.market_data import Liquidations
from liqbands_server.cli.score_choice import check_folder, days_ms
from liqbands_server.cli.selection import FileChoice, InputError, user_values
from liqbands_server.cli.stages import stages

if TYPE_CHECKING:
    from liqbands_server.scorecard.card import Card, Origin  # slow: numba; so is what else it needs

STANDARD: Final = ("standard",)


def score_folder(folder: Path, names: Sequence[str], origin: "Origin") -> "Card":
    """Score models on recorded markets.

    Parameters
    ----------
    folder : Path
        The recorded markets.
    names : sequence of str
        Keys of sets or models; empty is the standard set and the engine as described.
    origin : Origin
        When and with which settings.

    Returns
    -------
    Card
        The scorecard.
    """
    from liqbands_server.scorecard.contestants import Contestants
    from liqbands_server.scorecard.recorded_card import recorded_card

    folder = check_folder("real", folder)
    with user_values():
        settings = origin.parameters
        contestants = Contestants.of(names, settings) if names else Contestants.described(settings)
        with stages(contestants.n_steps + 1, counted=True) as progress:
            progress.next("Reading recorded markets")
            return recorded_card(folder, contestants, origin, progress.next)


def magnet_of_folder(folder: Path, names: Sequence[str], origin: "Origin") -> "Card":
    """Run the magnet test on recorded hours.

    Parameters
    ----------
    folder : Path
        The recorded markets.
    names : sequence of str
        Keys of models; empty is the engine and two baselines.
    origin : Origin
        When and with which settings.

    Returns
    -------
    Card
        The result.
    """
    from liqbands_server.scorecard import magnet_card as magnet

    folder = check_folder("real", folder)
    models = names or magnet.MODELS
    with user_values(), stages(len(models) + 1) as progress:
        progress.next("Reading recorded markets")
        rows = magnet.recorded_magnet(
            folder, names or magnet.MODELS, origin.parameters, progress.next
        )
    facts = [("data", "Bybit BTC and ETH, hours since 2022")]
    return magnet.magnet_card(rows, facts, {"kind": "magnet", "coins": list(magnet.COINS)}, origin)


def score_file(
    choice: FileChoice,
    liquidations: Path | None,
    names: Sequence[str],
    warm_up: float,
    origin: "Origin",
) -> "Card":
    """Score models on a file of the user's.

    Parameters
    ----------
    choice : FileChoice
        The candles.
    liquidations : Path, optional
        Events or totals; None where the candles carry totals.
    names : sequence of str
        Keys of sets or models; empty is the standard set.
    warm_up : float
        Days that are not scored.
    origin : Origin
        When and with which settings.

    Returns
    -------
    Card
        The scorecard.
    """
    from liqbands.heatmaps import basis_of
    from liqbands_server.scorecard.contestants import Contestants
    from liqbands_server.scorecard.file_card import file_card
    from liqbands_server.scorecard.file_scores import MarketFile

    with user_values():
        contestants = Contestants.of(names or STANDARD, origin.parameters)
        n_steps = len(contestants.maps) + len(contestants.engines) + 1
        with stages(n_steps, counted=True) as progress:
            progress.next(f"Reading {choice.path.name}")
            candles, instrument = choice.load()
            candles, events = _liquidated(candles, choice, liquidations)
            market = MarketFile(instrument, candles, events)
            contestants = contestants.following(basis_of(candles))
            return file_card(market, contestants, origin, days_ms(warm_up), progress.next)


def _liquidated(
    candles: Candles, choice: FileChoice, path: Path | None
) -> tuple[Candles, Liquidations | None]:
    """Return candles that carry totals, or events."""
    from liqbands_server.files import read_liquidation_totals, read_liquidations

    if candles.last_is_forming:
        candles = candles[:-1]
    if path is None:
        if not np.isfinite(candles.long_liquidated).any():
            raise InputError(
                f"{choice.path.name} has no liquidations; name a file of them with --liquidations"
            )
        return candles, None
    symbol = choice.symbol or None
    try:
        return read_liquidation_totals(path, symbol=symbol).onto(candles), None
    except MarketDataError:
        # Not totals per bar, so events; what is wrong with those is the better message.
        events = read_liquidations(path, symbol=symbol, venue=choice.venue or None, prices=candles)
        return candles, events
