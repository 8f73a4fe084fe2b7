"""Sections to text: one line, strongest first, within the limits of a Pine string."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from liqbands.instrument import Side
from liqbands_pine.levels import (
    MOST_BANDS,
    MOST_CHARACTERS,
    MOST_HEADER_CHARACTERS,
    USUAL_VALID_MINUTES,
    Level,
    LevelsError,
    Section,
    plain_decimal,
)
from liqbands_pine.merging import fewer_levels

USUAL_BANDS: Final = 150
LEAST_CHARACTERS: Final = 400

_START: Final = "LH1"
_END: Final = "|END"
_LETTER: Final = {Side.LONG: "L", Side.SHORT: "S"}


@dataclass(frozen=True, slots=True)
class Encoded:
    """Levels as text.

    Parameters
    ----------
    texts : tuple of str
        Complete payloads; one, unless the characters allowed hold fewer symbols.
    left_out : dict of str to int
        Bands that were dropped, by symbol; symbols without any are not in it.
    """

    texts: tuple[str, ...]
    left_out: dict[str, int]


def encode(
    sections: Sequence[Section],
    max_bands: int = USUAL_BANDS,
    max_characters: int = MOST_CHARACTERS,
) -> Encoded:
    """Return levels as LH1.

    Parameters
    ----------
    sections : sequence of Section
        One for each symbol, at least one.
    max_bands : int
        Bound on the bands of a symbol, 0 to 480: neighbours are merged, then the weakest dropped.
    max_characters : int
        Bound on a payload, 400 to 40,000.  Symbols that do not fit go into further payloads; a
        symbol that alone is too long loses its weakest bands.

    Returns
    -------
    Encoded
        The texts, and what was left out.

    Raises
    ------
    LevelsError
        If there is no section, two are of one symbol, or a bound is out of its range.

    Examples
    --------
    >>> from decimal import Decimal
    >>> level = Level(Side.LONG, Decimal("63250"), Decimal("63300"), 12500, 83, 50, 90)
    >>> section = Section("BTCUSDT", 1767585600, Decimal("64321.5"), (level,), venues=("binance",))
    >>> encode([section]).texts[0]
    'LH1|s=BTCUSDT,g=1767585600,r=64321.5,v=240,n=1,t=12500,x=binance|L,63250,63300,12500,83,50,90|END'
    """
    _check(sections, max_bands, max_characters)
    left_out: dict[str, int] = {}
    parts: list[str] = []
    for section in sections:
        part, dropped = _fit(section, max_bands, max_characters - len(_START + _END))
        parts.append(part)
        if dropped:
            left_out[section.symbol] = dropped
    return Encoded(tuple(_packed(parts, max_characters)), left_out)


def _check(sections: Sequence[Section], max_bands: int, max_characters: int) -> None:
    if not sections:
        raise LevelsError("there must be at least one symbol, there was none")
    symbols = [section.symbol for section in sections]
    double = next((symbol for symbol in symbols if symbols.count(symbol) > 1), None)
    if double is not None:
        raise LevelsError(f"each symbol may stand once, {double} stands twice")
    if not 0 <= max_bands <= MOST_BANDS:
        raise LevelsError(f"max_bands must be 0 to {MOST_BANDS}, was {max_bands}")
    if not LEAST_CHARACTERS <= max_characters <= MOST_CHARACTERS:
        raise LevelsError(
            f"max_characters must be {LEAST_CHARACTERS} to {MOST_CHARACTERS}, was {max_characters}"
        )


def _fit(section: Section, max_bands: int, room: int) -> tuple[str, int]:
    """Return a section's text with as many bands as have room, and how many were left out."""
    kept, dropped = fewer_levels(section.levels, max_bands)
    text = _section_text(section, kept)
    while len(text) > room:
        fewer = max(0, len(kept) - max(1, (len(text) - room) // 60))
        dropped += len(kept) - fewer
        kept = kept[:fewer]
        text = _section_text(section, kept)
    return text, dropped


def _packed(parts: Sequence[str], max_characters: int) -> list[str]:
    texts = [_START]
    for part in parts:
        if len(texts[-1]) > len(_START) and len(texts[-1] + part + _END) > max_characters:
            texts.append(_START)
        texts[-1] += part
    return [text + _END for text in texts]


def _section_text(section: Section, levels: Sequence[Level]) -> str:
    shown = replace(section, levels=tuple(levels))
    return f"|{_header(shown)}|{';'.join(_band(level) for level in levels)}"


def _header(section: Section) -> str:
    """Return the header; what would make it too long is left out, the least needed first."""
    required = [
        f"s={section.symbol}",
        f"g={section.time_s}",
        f"r={plain_decimal(section.reference)}",
        f"v={section.valid_minutes or USUAL_VALID_MINUTES}",
        f"n={len(section.levels)}",
        f"t={section.notional}",
    ]
    optional = [
        f"k={section.coins_per_unit}" if section.coins_per_unit > 1 else "",
        f"e={section.sweep_rule}" if section.sweep_rule else "",
        f"q={section.confidence}" if section.confidence is not None else "",
        f"x={'+'.join(section.venues)}" if section.venues else "",
        f"d={'+'.join(section.missing)}" if section.missing else "",
        f"a={'+'.join(section.aliases)}" if section.aliases else "",
        f"m={section.model}" if section.model else "",
    ]
    header = ",".join(required)
    for entry in filter(None, optional):
        if len(header) + 1 + len(entry) <= MOST_HEADER_CHARACTERS:
            header += f",{entry}"
    return header


def _band(level: Level) -> str:
    fields = [
        _LETTER[level.side],
        plain_decimal(level.low),
        plain_decimal(level.high),
        str(level.notional),
        str(level.strength),
        str(level.leverage or ""),
        str(level.age_minutes or ""),
        str(level.uncertainty_percent or ""),
    ]
    return ",".join(fields).rstrip(",")
