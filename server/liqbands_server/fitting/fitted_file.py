"""The parameter file of a fit."""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import liqbands
from liqbands.fit.comparison import Comparison
from liqbands.parameter_files import ParameterFile
from liqbands.parameter_history import HeldOutScore
from liqbands_server.fitting.fit_run import FitReport, Tested
from liqbands_server.scorecard.fingerprint import engine_hash

ALL_HELD_OUT: Final = "held-out worlds"
_DIGITS: Final = 4


def fitted_file(report: FitReport, header: ParameterFile) -> ParameterFile:
    """Return the settings of a fit with their history.

    Parameters
    ----------
    report : FitReport
        The fit.
    header : ParameterFile
        Gives version and date.

    Returns
    -------
    ParameterFile
        Scored on held-out markets, all together and world by world.
    """
    plan, fit = report.plan, report.fit
    note = (
        f"Fitted to {len(plan.training.runs)} simulated markets in {fit.evaluations} steps "
        f"(search seed {plan.search.seed}); the objective there went from {fit.before:.4f} to "
        f"{fit.after:.4f}."
    )
    return replace(
        header,
        parameters=fit.parameters,
        made_with=f"liqbands {liqbands.__version__}, engine {engine_hash()}",
        note=note,
        fitted=plan.free,
        fitted_on=plan.training,
        held_out=plan.held_out,
        score=_rounded([*_scores(report.held_out), *report.recorded]),
    )


def _scores(tested: Tested) -> list[HeldOutScore]:
    parts = dict(tested.worlds)
    if len(parts) > 1:
        parts = {ALL_HELD_OUT: tested.overall} | parts
    return [_score(data, row) for data, rows in parts.items() for row in rows]


def _score(data: str, row: Comparison) -> HeldOutScore:
    after, before = row.after, row.before.value
    return HeldOutScore(data, row.measure, after.value, after.low, after.high, before, after.n)


def _rounded(scores: Iterable[HeldOutScore]) -> tuple[HeldOutScore, ...]:
    """Return scores in four significant digits, None for what is not known."""
    return tuple(
        replace(
            score,
            value=float(f"{score.value:.{_DIGITS}g}"),
            low=_known(score.low),
            high=_known(score.high),
            before=_known(score.before),
        )
        for score in scores
        if math.isfinite(score.value)
    )


def _known(value: float | None) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{_DIGITS}g}")
