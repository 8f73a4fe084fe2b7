"""What `liqbands score` was asked for, checked: source, worlds, seeds, models, lengths."""

import os
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from liqbands.timeframes import DAY_MS, HOUR_MS, TIMEFRAMES
from liqbands_server.cli.selection import InputError

MOST_SEEDS: Final = 1_000
SHORTEST_DAYS: Final = 1.0
"""Days after the warm-up without which there is nothing to score."""

MARKET: Final = "market"
_USUAL_JOBS: Final = 4


def check_worlds(text: str) -> tuple[str, ...]:
    """Return worlds by name.

    Parameters
    ----------
    text : str
        Names between commas; ``training``, ``held-out`` and ``all`` stand for several.

    Returns
    -------
    tuple of str
        Each once.

    Raises
    ------
    InputError
        If there is no such world.

    Examples
    --------
    >>> check_worlds("crash, base,crash")
    ('crash', 'base')
    """
    from liqbands.sim.worlds import HELD_OUT, NULLS, TRAINING, WORLDS

    every = TRAINING + HELD_OUT + NULLS
    groups = {"training": TRAINING, "held-out": HELD_OUT, "all": every}
    groups |= {world.name: (world,) for world in WORLDS}
    names: list[str] = []
    for word in split_words("sim", text):
        if word not in groups:
            raise InputError(_unknown("sim", word, groups))
        names += [world.name for world in groups[word]]
    return tuple(dict.fromkeys(names))


def check_seeds(text: str) -> tuple[int, ...]:
    """Return seeds.

    Parameters
    ----------
    text : str
        Whole numbers and ranges between commas.

    Returns
    -------
    tuple of int
        Each once.

    Raises
    ------
    InputError
        If the text is something else, or means more than 1000 seeds.

    Examples
    --------
    >>> check_seeds("1-3,7")
    (1, 2, 3, 7)
    """
    seeds: list[int] = []
    for word in split_words("seeds", text):
        found = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", word)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if last < first:
            raise InputError(f"seeds must be numbers such as 1-20 or 1,3,5, was {text!r}")
        if last - first >= MOST_SEEDS:
            raise InputError(f"seeds must be at most {MOST_SEEDS}, was {text!r}")
        seeds += range(first, last + 1)
    return tuple(dict.fromkeys(seeds))


def check_models(text: str) -> tuple[str, ...]:
    """Return keys of models.

    Parameters
    ----------
    text : str
        Names of sets or models between commas.

    Returns
    -------
    tuple of str
        As they were given.

    Raises
    ------
    InputError
        If there is no such set or model.
    """
    from liqbands.score.model_sets import SETS, find_models

    names = split_words("models", text)
    known = [*SETS, *(model.key for model in find_models(SETS))]
    for name in names:
        if name not in known:
            raise InputError(_unknown("models", name, known))
    return tuple(names)


def check_lengths(days: float, warm_up: float) -> None:
    """Refuse lengths that leave nothing to score.

    Parameters
    ----------
    days, warm_up : float
        Length of a run, and of its warm-up, in days.

    Raises
    ------
    InputError
        If one is not possible.
    """
    if not 0 <= warm_up < float("inf"):
        raise InputError(f"warm-up must be days, 0 or more, was {warm_up:g}")
    if not warm_up + SHORTEST_DAYS <= days <= 10_000:
        raise InputError(
            f"days must be at least {SHORTEST_DAYS:g} more than the warm-up of {warm_up:g}, "
            f"and at most 10000, was {days:g}; shorten the warm-up with --warm-up"
        )


def check_bars(name: str) -> int:
    """Return the length of simulated bars.

    Parameters
    ----------
    name : str
        E.g. ``"1m"`` or ``"1h"``.

    Returns
    -------
    int
        Milliseconds.

    Raises
    ------
    InputError
        If it is not a timeframe that divides an hour.
    """
    lengths = {key: length for key, length in TIMEFRAMES.items() if HOUR_MS % length == 0}
    if name not in lengths:
        raise InputError(f"bars must be one of {', '.join(lengths)}, was {name!r}")
    return lengths[name]


def check_jobs(jobs: int) -> int:
    """Return how many processes work at once.

    Parameters
    ----------
    jobs : int
        0 is one per core, at most four.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    InputError
        If it is negative.
    """
    if jobs < 0:
        raise InputError(f"jobs must be 1 or more, or 0 for one per core, was {jobs}")
    return jobs or min(os.cpu_count() or 1, _USUAL_JOBS)


def split_words(field: str, text: str) -> list[str]:
    """Return the words between commas.

    Parameters
    ----------
    field : str
        Name of the option, for the message.
    text : str
        The words.

    Returns
    -------
    list of str
        Without spaces around them.

    Raises
    ------
    InputError
        If one is empty.
    """
    words = [word.strip() for word in text.split(",")]
    if not all(words):
        raise InputError(f"{field} must be words between commas, was {text!r}")
    return words


def days_ms(days: float) -> int:
    """Return days in milliseconds.

    Parameters
    ----------
    days : float
        Days.

    Returns
    -------
    int
        Milliseconds.
    """
    return round(days * DAY_MS)


def check_source(sources: Mapping[str, bool], magnet: bool) -> str:
    """Return what is scored on.

    Parameters
    ----------
    sources : mapping of str to bool
        Ways to name a source, and whether each was used.
    magnet : bool
        Whether the magnet test is wanted, which has worlds of its own.

    Returns
    -------
    str
        The one that was used; empty for the worlds of the magnet test.

    Raises
    ------
    InputError
        If there is none or more than one, or the magnet test is wanted of a file.

    Examples
    --------
    >>> check_source({"FILE": False, "--sim": True}, magnet=False)
    '--sim'
    """
    used = [name for name, is_used in sources.items() if is_used]
    if len(used) > 1 or not (used or magnet):
        said = " and ".join(used) or "none of them"
        raise InputError(f"score needs one of {', '.join(sources)} or --magnet, was {said}")
    if magnet and used == ["FILE"]:
        raise InputError("magnet needs --sim or --real, was FILE; its days are too few to tell")
    return used[0] if used else ""


def check_folder(field: str, folder: Path) -> Path:
    """Return a folder that is there.

    Parameters
    ----------
    field : str
        Name of the option.
    folder : Path
        The folder; one that holds a folder ``market`` stands for that.

    Returns
    -------
    Path
        Folder of the recorded markets.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"{field} must be a folder of recorded markets, was {str(folder)!r}")
    inner = folder / MARKET
    return inner if inner.is_dir() else folder


def _unknown(field: str, word: str, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(word, names, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"{field} must be among {', '.join(names)}; was {word!r}{hint}"
