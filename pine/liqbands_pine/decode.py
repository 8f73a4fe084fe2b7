"""Text to sections: reads what the importer reads, and says what is wrong with a paste.

Every rule here is the script's: a band that fails a check is left out and counted, a cut or
edited text is told, text after ``END`` is read on as further sections.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from liqbands.instrument import Side
from liqbands_pine.levels import (
    SWEEP_RULES,
    USUAL_VALID_MINUTES,
    Level,
    LevelsError,
    Section,
    normal_symbol,
)

MILLISECONDS_FROM: Final = 10**11
"""A time above this is in milliseconds."""

_SIDES: Final = {"L": Side.LONG, "S": Side.SHORT}
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")
_WHOLE = re.compile(r"[0-9]{1,15}")
_LEAST_FIELDS: Final = 5


@dataclass(frozen=True, slots=True)
class Decoded:
    """One section as read.

    Parameters
    ----------
    section : Section
        What could be read.
    n_declared : int
        Bands that its header speaks of; -1 when it does not.
    n_unread : int
        Bands that were there and could not be read.
    is_cut : bool
        Whether the text ended too early for this section.
    is_edited : bool
        Whether the bands do not add up to the header's sum.
    """

    section: Section
    n_declared: int
    n_unread: int
    is_cut: bool
    is_edited: bool


def decode(text: str) -> tuple[Decoded, ...]:
    """Return the sections of a text.

    Parameters
    ----------
    text : str
        What was pasted; spaces and line ends do not matter.

    Returns
    -------
    tuple of Decoded
        In order; a section whose header cannot be read is left out.

    Raises
    ------
    LevelsError
        If the text is empty, is no LH1 or a newer format.

    Examples
    --------
    >>> one = decode("LH1|s=BTCUSDT,g=1767585600,r=64321.5,n=1|L,63250,63300,12500,83|END")[0]
    >>> one.section.symbol, one.section.levels[0].notional, one.is_cut
    ('BTCUSDT', 12500, False)
    >>> decode("LH2|s=BTCUSDT")
    Traceback (most recent call last):
    liqbands_pine.levels.LevelsError: the levels are in a newer format than LH1
    """
    words = re.sub(r"[ \t\r\n]", "", text).split("|")
    _check_start(words[0])
    is_open = "END" not in words
    pairs = _sections_of(words[1:])
    last = len(pairs) - 1
    read = [
        _read_section(header, bands, cut=is_open and i == last)
        for i, (header, bands) in enumerate(pairs)
    ]
    return tuple(one for one in read if one is not None)


def _check_start(word: str) -> None:
    if word == "":
        raise LevelsError("there are no levels in an empty text")
    if re.fullmatch(r"LH[0-9]+", word) and word != "LH1":
        raise LevelsError("the levels are in a newer format than LH1")
    if word != "LH1":
        raise LevelsError(f"levels must begin with LH1|, this begins with {word[:20]!r}")


def _sections_of(words: list[str]) -> list[tuple[str, str]]:
    """Return headers with their bands; END and a further LH1 only separate."""
    pairs: list[tuple[str, str]] = []
    i = 0
    while i < len(words):
        if "=" not in words[i]:
            i += 1
            continue
        has_bands = i + 1 < len(words) and "=" not in words[i + 1] and words[i + 1] != "END"
        pairs.append((words[i], words[i + 1] if has_bands else ""))
        i += 2 if has_bands else 1
    return pairs


def _read_section(header: str, bands: str, *, cut: bool) -> Decoded | None:
    entries = dict(entry.split("=", maxsplit=1) for entry in header.split(",") if "=" in entry)
    texts = [band for band in bands.split(";") if band]
    if cut and texts:
        texts.pop()  # cut inside a number it would still look valid
    read = [_read_level(band) for band in texts]
    levels = tuple(level for level in read if level is not None)
    declared = int(entries["n"]) if _WHOLE.fullmatch(entries.get("n", "")) else -1
    total = int(entries["t"]) if _WHOLE.fullmatch(entries.get("t", "")) else None
    try:
        section = _section(entries, levels)
    except LevelsError:
        return None
    is_cut = cut or declared > len(texts)
    return Decoded(
        section=section,
        n_declared=declared,
        n_unread=len(texts) - len(levels),
        is_cut=is_cut,
        is_edited=total is not None and not is_cut and total != section.notional,
    )


def _section(entries: dict[str, str], levels: tuple[Level, ...]) -> Section:
    time = _number(entries, "g", whole=True)
    confidence = entries.get("q", "")
    sweep = entries.get("e", "")
    return Section(
        symbol=normal_symbol(entries.get("s", "")),
        time_s=int(time // 1000 if time > MILLISECONDS_FROM else time),
        reference=_number(entries, "r"),
        levels=levels,
        valid_minutes=int(_number(entries, "v", USUAL_VALID_MINUTES, whole=True)),
        venues=_list(entries, "x"),
        missing=_list(entries, "d"),
        confidence=int(confidence) if _WHOLE.fullmatch(confidence) else None,
        aliases=_list(entries, "a"),
        coins_per_unit=int(_number(entries, "k", 1, whole=True)),
        sweep_rule=next((rule for rule in SWEEP_RULES if rule == sweep), None),
        model=entries.get("m", ""),
    )


def _number(
    entries: dict[str, str], key: str, missing: int | None = None, *, whole: bool = False
) -> Decimal:
    text = entries.get(key, "" if missing is None else str(missing))
    if not (_WHOLE if whole else _NUMBER).fullmatch(text):
        raise LevelsError(f"header {key} must be a number, was {text!r}")
    return Decimal(text)


def _list(entries: dict[str, str], key: str) -> tuple[str, ...]:
    return tuple(filter(None, entries.get(key, "").split("+")))


def _read_level(text: str) -> Level | None:
    """Return a band, or None if any part of it is not as it must be."""
    fields = text.split(",")
    if len(fields) < _LEAST_FIELDS or fields[0] not in _SIDES:
        return None
    leverage, age = (*fields[5:7], "", "")[:2]
    wholes = (*fields[3:5], leverage or "0", age or "0")
    prices = fields[1:3]
    if not (all(map(_NUMBER.fullmatch, prices)) and all(map(_WHOLE.fullmatch, wholes))):
        return None
    try:
        low, high = map(Decimal, prices)
        return Level(_SIDES[fields[0]], low, high, *map(int, wholes))
    except LevelsError:
        return None
