"""Settings before and after a fit on recorded hours, which no fit ever sees."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from liqbands.parameter_history import HeldOutScore
from liqbands.parameters import Parameters
from liqbands_server.scorecard.real_hours import IN_BAR, SKILL, score_recorded_hours
from liqbands_server.scorecard.real_models import Engine
from liqbands_server.scorecard.real_rows import figure_in

_BEFORE: Final = "before"
_AFTER: Final = "after"


def recorded_scores(
    folder: Path, before: Parameters, after: Parameters, progress: Callable[[str], None]
) -> tuple[HeldOutScore, ...]:
    """Score two settings on the recorded hours of 2024.

    Parameters
    ----------
    folder : Path
        The recorded markets.
    before, after : Parameters
        The settings.
    progress : callable
        Is told every step.

    Returns
    -------
    tuple of HeldOutScore
        Skill over the base, of the map alone and with what dies inside the bar.

    Raises
    ------
    MarketDataError
        If a recorded file is missing or cannot be used.
    """
    engines = {_BEFORE: Engine(before), _AFTER: Engine(after)}
    rows = score_recorded_hours(folder, engines, engines, progress=progress)
    scores = []
    for data in dict.fromkeys(row.data for row in rows):
        for ending in ("", IN_BAR):
            new, old = (figure_in(rows, name + ending, data, SKILL) for name in (_AFTER, _BEFORE))
            scores.append(
                HeldOutScore(
                    data=f"recorded hours of 2024, {data}",
                    measure=SKILL + ending,
                    value=new.value,
                    low=new.low,
                    high=new.high,
                    before=old.value,
                    n=new.n,
                )
            )
    return tuple(scores)
