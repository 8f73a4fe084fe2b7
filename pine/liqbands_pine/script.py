"""The Pine script: as it is, and finished with levels inside.

A finished script differs in one constant, the title and a comment; nobody has to paste anything.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from liqbands_pine.levels import LevelsError, Section

SCRIPT_NAME: Final = "liquidation_bands.pine"

MOST_BAKED_CHARACTERS: Final = 30_000
"""Levels in a script: a character may cost two of the 100,000 tokens that TradingView compiles."""

_MOST_TITLE_CHARACTERS: Final = 100
_MOST_NAMES: Final = 4
_TEXT = re.compile(r"[A-Za-z0-9|=,;.+:_-]*")
_TITLE = re.compile(r"[A-Za-z0-9 .:,+_-]+")
_PLACES: Final = (
    (re.compile(r'^indicator\("[^"]*"', re.MULTILINE), 'indicator("{title}"'),
    (re.compile(r"^// Levels inside: .*$", re.MULTILINE), "// Levels inside: {title}"),
    (
        re.compile(r'^const string BAKED_LEVELS = ""$', re.MULTILINE),
        'const string BAKED_LEVELS = "{text}"',
    ),
)


def importer_script() -> str:
    """Return the script that draws what is pasted into it.

    Returns
    -------
    str
        Pine v6.

    Examples
    --------
    >>> importer_script().splitlines()[0]
    '//@version=6'
    """
    package = Path(__file__).parent
    inside = package / SCRIPT_NAME  # where a wheel has it; in the source tree it stands beside
    path = inside if inside.is_file() else package.parent / SCRIPT_NAME
    return path.read_text(encoding="utf-8")


def finished_script(text: str, title: str) -> str:
    """Return the script with levels inside.

    Parameters
    ----------
    text : str
        LH1 of at most 30,000 characters, as `encode` writes it.
    title : str
        Name in the chart's legend, at most 100 letters, digits, spaces and ``. : , + _ -``.

    Returns
    -------
    str
        Pine v6; levels pasted later still count if they are newer.

    Raises
    ------
    LevelsError
        If the text or the title is too long or holds another character.

    Examples
    --------
    >>> script = finished_script("LH1|s=BTCUSDT,g=1767585600,r=64321.5,v=240,n=0,t=0||END", "bands")
    >>> 'indicator("bands", "liqbands"' in script
    True
    """
    _check(text, title)
    script = importer_script()
    for place, line in _PLACES:
        script, n_found = place.subn(line.format(title=title, text=text), script)
        if n_found != 1:
            raise LevelsError(f"{SCRIPT_NAME} must have one line like {line!r}, it has {n_found}")
    return script


def script_title(sections: Sequence[Section]) -> str:
    """Return a title that names symbols and time.

    Parameters
    ----------
    sections : sequence of Section
        At least one.

    Returns
    -------
    str
        Of the characters that a title may have.

    Examples
    --------
    >>> from decimal import Decimal
    >>> script_title([Section("BTCUSDT", 1767585600, Decimal("64321.5"), ())])
    'liqbands BTCUSDT 2026-01-05 04:00 UTC'
    """
    names = [section.symbol[:16] for section in sections[:_MOST_NAMES]]
    more = [f"+ {len(sections) - _MOST_NAMES}"] if len(sections) > _MOST_NAMES else []
    time = datetime.fromtimestamp(max(section.time_s for section in sections), UTC)
    return " ".join(["liqbands", *names, *more, f"{time:%Y-%m-%d %H:%M} UTC"])


def _check(text: str, title: str) -> None:
    if len(text) > MOST_BAKED_CHARACTERS:
        raise LevelsError(
            f"levels in a script must have at most {MOST_BAKED_CHARACTERS} characters, "
            f"these have {len(text)}; ask for fewer symbols or bands"
        )
    if not _TEXT.fullmatch(text) or not text.startswith("LH1|"):
        raise LevelsError("levels in a script must be LH1 of one line, as encode writes it")
    if not (_TITLE.fullmatch(title) and len(title) <= _MOST_TITLE_CHARACTERS):
        raise LevelsError(
            f"title must be 1 to {_MOST_TITLE_CHARACTERS} letters, digits, spaces and . : , + _ -, "
            f"was {title[: _MOST_TITLE_CHARACTERS + 1]!r}"
        )
