"""Reading query parameters strictly: one parser for whole numbers, one for symbols.

Web frameworks take digits of any script, blanks and underscores; here only ASCII counts.
"""

import re
from dataclasses import dataclass
from typing import Final

from werkzeug.datastructures import MultiDict

from liqbands_server.errors import QuestionError
from liqbands_server.web.errors import echo

MOST_COUNTBACK: Final = 20_000
"""Bars that one answer holds at most."""

_WHOLE: Final = re.compile(r"-?[0-9]{1,12}(\.0+)?")
_TOO_LONG: Final = re.compile(r"-?[0-9]{13,}(\.[0-9]+)?")
_SYMBOL: Final = re.compile(r"[A-Z0-9:._#\-/!]{1,64}")
_LATEST_SECONDS: Final = 10**11

Arguments = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class HistoryQuestion:
    """What is asked of `/history`.

    Parameters
    ----------
    symbol, resolution : str
        As written.
    from_ms, to_ms : int
        ``[from, to)``, UTC milliseconds, not negative.
    countback : int
        Bars wanted before `to` at least, 0 for no wish.
    """

    symbol: str
    resolution: str
    from_ms: int
    to_ms: int
    countback: int


def read_history(arguments: Arguments) -> HistoryQuestion:
    """Read the parameters of `/history`.

    Parameters
    ----------
    arguments : MultiDict
        The query; of a parameter that stands there twice the first counts.

    Returns
    -------
    HistoryQuestion
        Checked; `from` is put to `to` where `countback` makes it meaningless.

    Raises
    ------
    QuestionError
        If a parameter is missing or wrong.
    """
    symbol = read_symbol(arguments)
    countback = read_countback(arguments)
    to_ms = _required_ms(arguments, "to")
    if countback and _text(arguments, "from") == "":
        from_ms = to_ms
    else:
        from_ms = _required_ms(arguments, "from")
    if from_ms > to_ms:
        if not countback:
            raise _wrong("from", "not be later than to", _text(arguments, "from"))
        from_ms = to_ms
    return HistoryQuestion(symbol, _text(arguments, "resolution"), from_ms, to_ms, countback)


def read_marks(arguments: Arguments) -> HistoryQuestion:
    """Read the parameters of `/marks` and `/timescale_marks`.

    Parameters
    ----------
    arguments : MultiDict
        The query.

    Returns
    -------
    HistoryQuestion
        Without `countback`.

    Raises
    ------
    QuestionError
        If a parameter is missing or wrong.
    """
    plain = MultiDict((name, value) for name, value in arguments.items() if name != "countback")
    return read_history(plain)


def read_symbol(arguments: Arguments) -> str:
    """Read the parameter `symbol`.

    Parameters
    ----------
    arguments : MultiDict
        The query.

    Returns
    -------
    str
        In capitals.

    Raises
    ------
    QuestionError
        If it is missing, or written with other characters than symbols have.
    """
    return checked_symbol(_text(arguments, "symbol"))


def checked_symbol(text: str) -> str:
    """Return a symbol in capitals.

    Parameters
    ----------
    text : str
        As written.

    Returns
    -------
    str
        In capitals.

    Raises
    ------
    QuestionError
        If it is empty, or written with other characters than symbols have.

    Examples
    --------
    >>> checked_symbol("binance:btcusdt.p#b07")
    'BINANCE:BTCUSDT.P#B07'
    """
    # Capitals of some letters are ASCII although the letters are not, hence the first condition.
    if text.isascii() and _SYMBOL.fullmatch(text.upper()):
        return text.upper()
    raise _wrong("symbol", "be 1 to 64 of the characters A-Z 0-9 : . _ # - / !", text)


def read_countback(arguments: Arguments) -> int:
    """Read the parameter `countback`.

    Parameters
    ----------
    arguments : MultiDict
        The query.

    Returns
    -------
    int
        At most `MOST_COUNTBACK`, 0 if it is missing or empty.

    Raises
    ------
    QuestionError
        If it is no whole number or negative.
    """
    return min(_whole(arguments, "countback", 0), MOST_COUNTBACK)


def read_limit(arguments: Arguments, default: int, most: int) -> int:
    """Read the parameter `limit`.

    Parameters
    ----------
    arguments : MultiDict
        The query.
    default, most : int
        Taken when it is missing or empty, and at most.

    Returns
    -------
    int
        From 1 to `most`.

    Raises
    ------
    QuestionError
        If it is no whole number or negative.
    """
    return min(max(_whole(arguments, "limit", default), 1), most)


def _text(arguments: Arguments, name: str) -> str:
    return arguments.get(name, "")


def _whole(arguments: Arguments, name: str, default: int) -> int:
    text = _text(arguments, name)
    if text == "":
        return default
    if not _WHOLE.fullmatch(text) or text.startswith("-"):
        raise _wrong(name, "be a whole number of at most 12 digits, not negative", text)
    return int(text.partition(".")[0])


def _required_ms(arguments: Arguments, name: str) -> int:
    text = _text(arguments, name)
    if text == "":
        raise QuestionError(f"{name} is required, unix seconds", name)
    if _TOO_LONG.fullmatch(text):
        raise _wrong(name, "be unix seconds, not milliseconds", text)
    if not _WHOLE.fullmatch(text):
        raise _wrong(name, "be unix seconds in at most 12 digits", text)
    seconds = int(text.partition(".")[0])
    if abs(seconds) > _LATEST_SECONDS:
        raise _wrong(name, "be unix seconds, not milliseconds", text)
    return max(seconds, 0) * 1_000


def _wrong(name: str, must: str, text: str) -> QuestionError:
    return QuestionError(f"{name} must {must}, was {echo(text)!r}", name)
