"""What charts want: each writes a small file into ``Liqbands/want`` once a minute."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from liqbands_mt5.symbols import FRAME_TIMEFRAMES

WANT_FOLDER: Final = "want"
WISH_S: Final = 180
"""A wish that was not repeated for so long is over."""

MOST_WISHES: Final = 200
_MOST_BYTES = 200
_WORDS = 3


@dataclass(frozen=True, slots=True, order=True)
class Wish:
    """A frame that somebody looks at.

    Parameters
    ----------
    feed : str
        Symbol to ask the server for.
    timeframe : str
        Length of a column.
    """

    feed: str
    timeframe: str


def read_wishes(folder: Path, now_s: float) -> tuple[Wish, ...]:
    """Return what charts want now.

    Parameters
    ----------
    folder : Path
        ``Liqbands`` in the shared folder.
    now_s : float
        Unix seconds.

    Returns
    -------
    tuple of Wish
        Without repetition; files that are half written or old are left out.
    """
    found: set[Wish] = set()
    want = folder / WANT_FOLDER
    paths = sorted(want.iterdir())[:MOST_WISHES] if want.is_dir() else []
    for path in paths:
        wish = _wish(path, now_s)
        if wish is not None:
            found.add(wish)
    return tuple(sorted(found))


def _wish(path: Path, now_s: float) -> Wish | None:
    try:
        words = path.read_bytes()[:_MOST_BYTES].decode("ascii").split()
    except (OSError, UnicodeDecodeError):
        return None  # being written, or not ours
    if len(words) < _WORDS or not words[0].isdigit() or words[2] not in FRAME_TIMEFRAMES:
        return None
    is_old = abs(now_s - int(words[0])) > WISH_S
    return None if is_old else Wish(words[1], words[2])
