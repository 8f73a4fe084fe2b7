"""Text to sections: reads what the importer reads, and says what is wrong with a paste.

Every rule here is the script's: a band that fails a check is left out and counted, a cut or
edited text is told, text after ``END`` is read on as further sections.
"""

import re
from collections.abc import Iterator
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
    is_symbol,
    is_word,
    normal_symbol,
)

MILLISECONDS_FROM: Final = 10**11
"""A time above this is in milliseconds."""

_SIDES: Final = {"L": Side.LONG, "S": Side.SHORT}
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")
_WHOLE = re.compile(r"[0-9]{1,15}")
_LEAST_FIELDS: Final = 5
_LONGEST_SYMBOL: Final = 64
_UNCERTAINTY_BELOW: Final = 1000
_MOST: Final = 10**15


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
    packed = re.sub(r"[ \t\r\n]", "", text)
    _check_start(packed.split("|")[0])
    words = packed.replace("LH1|", "|LH1|").split("|")
    read = [_read_section(header, bands, cut=cut) for header, bands, cut in _sections_of(words)]
    return tuple(one for one in read if one is not None)


def _check_start(word: str) -> None:
    if word == "":
        raise LevelsError("there are no levels in an empty text")
    if re.fullmatch(r"LH[0-9]+", word) and word != "LH1":
        raise LevelsError("the levels are in a newer format than LH1")
    if word != "LH1":
        raise LevelsError(f"levels must begin with LH1|, this begins with {word[:20]!r}")


def _sections_of(words: list[str]) -> Iterator[tuple[str, str, bool]]:
    """Yield header, bands, and whether the text ends before the section does.

    A text that ends early may stand in front of another one, so each LH1 begins anew.
    """
    i = 0
    while i < len(words) and not words[i].startswith("ENDLH"):  # a newer format begins there
        header, i = words[i], i + 1
        if "=" not in header:
            continue
        bands = ""
        if i < len(words) and not _is_border(words[i]) and words[i] != "LH1":
            bands, i = words[i], i + 1
        yield header, bands, not (i < len(words) and _is_border(words[i]))


def _is_border(word: str) -> bool:
    return "=" in word or word.startswith("END")


def _read_section(header: str, bands: str, *, cut: bool) -> Decoded | None:
    entries = dict(entry.split("=", maxsplit=1) for entry in header.split(",") if "=" in entry)
    pieces = bands.split(";")
    if cut:
        pieces.pop()  # cut inside a number it would still look valid
    texts = [piece for piece in pieces if piece]
    read = [_read_level(band) for band in texts]
    levels = tuple(level for level in read if level is not None)
    declared, total = _whole(entries, "n", 0, _MOST, -1), _whole(entries, "t", 0, _MOST, -1)
    try:
        section = _section(entries, levels)
    except LevelsError:
        return None
    is_cut = cut or declared > len(texts)
    is_whole = not is_cut and len(levels) == len(texts)
    has_more = 0 <= declared < len(texts)
    return Decoded(
        section=section,
        n_declared=declared,
        n_unread=len(texts) - len(levels),
        is_cut=is_cut,
        is_edited=is_whole and (has_more or total not in {-1, section.notional}),
    )


def _section(entries: dict[str, str], levels: tuple[Level, ...]) -> Section:
    """Return a section; what it can do without is left out when it is not as it must be."""
    time = _whole(entries, "g", 1, _MOST, 0)
    confidence = _whole(entries, "q", 0, 100, -1)
    sweep = entries.get("e", "")
    model = entries.get("m", "")
    return Section(
        symbol=_symbol(entries.get("s", "")),
        time_s=time // 1000 if time > MILLISECONDS_FROM else time,
        reference=_price(entries.get("r", "")),
        levels=levels,
        valid_minutes=_whole(entries, "v", 1, 10**7, USUAL_VALID_MINUTES),
        venues=_words(entries, "x"),
        missing=_words(entries, "d"),
        confidence=confidence if confidence >= 0 else None,
        aliases=tuple(filter(None, map(_symbol, entries.get("a", "").split("+")))),
        coins_per_unit=_whole(entries, "k", 1, 10**9, 1),
        sweep_rule=next((rule for rule in SWEEP_RULES if rule == sweep), None),
        model=model if is_word(model) else "",
    )


def _symbol(text: str) -> str:
    """Return a symbol as `normal_symbol` writes it, empty if it cannot be one."""
    plain = normal_symbol(text) if len(text) <= _LONGEST_SYMBOL else ""
    return plain if is_symbol(plain) else ""


def _price(text: str) -> Decimal:
    return Decimal(text) if _NUMBER.fullmatch(text) else Decimal(0)


def _whole(entries: dict[str, str], key: str, low: int, high: int, missing: int) -> int:
    text = entries.get(key, "")
    value = int(text) if _WHOLE.fullmatch(text) else missing
    return value if low <= value <= high else missing


def _words(entries: dict[str, str], key: str) -> tuple[str, ...]:
    return tuple(filter(is_word, entries.get(key, "").split("+")))


def _read_level(text: str) -> Level | None:
    """Return a band, or None if any part of it is not as it must be."""
    fields = text.split(",")
    if len(fields) < _LEAST_FIELDS or fields[0] not in _SIDES:
        return None
    leverage, age, unsure = (*fields[5:8], "", "", "")[:3]
    is_stated = _WHOLE.fullmatch(unsure) and int(unsure) < _UNCERTAINTY_BELOW
    wholes = (*fields[3:5], leverage or "0", age or "0", unsure if is_stated else "0")
    prices = fields[1:3]
    if not (all(map(_NUMBER.fullmatch, prices)) and all(map(_WHOLE.fullmatch, wholes))):
        return None
    try:
        low, high = map(Decimal, prices)
        return Level(_SIDES[fields[0]], low, high, *map(int, wholes))
    except LevelsError:
        return None
