"""Finds out whether a factory holds on to the candles that its models are scored on.

Looks through closures, default and partial arguments, attributes of objects and classes, and
module variables that a function names; classes and module variables of this package and of
other libraries are taken to be clean.
"""

import gc
import sys
from collections.abc import Iterable
from dis import get_instructions
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

import numpy as np

from liqbands.candle_rules import OPTIONAL, PRICES
from liqbands.candles import Candles
from liqbands.instrument import FloatArray
from liqbands.market_data import Liquidations

_LIBRARIES: Final = frozenset(sys.stdlib_module_names) | {"liqbands"}


def holds_tape(factory: object, candles: Candles) -> bool:
    """Return whether market data can be reached from a factory.

    Parameters
    ----------
    factory : object
        Any callable that makes models.
    candles : Candles
        The tape.

    Returns
    -------
    bool
        True where any candles or liquidations are found, or an array that shares memory with a
        column of the tape or equals one.

    Examples
    --------
    >>> from functools import partial
    >>> one = np.arange(1.0, 9.0)
    >>> tape = Candles.from_arrays(np.arange(8), open=one, high=one, low=one, close=one)
    >>> holds_tape(max, tape), holds_tape(partial(max, tape), tape)
    (False, True)
    >>> holds_tape(lambda instrument, timeframe_ms, tape=tape: tape.close[-1], tape)
    True
    """
    columns = [getattr(candles, name) for name in PRICES + OPTIONAL]
    seen: set[int] = set()
    waiting: list[object] = [factory]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or _is_trusted(thing):
            continue
        seen.add(id(thing))
        if isinstance(thing, (Candles, Liquidations)):
            return True
        if isinstance(thing, np.ndarray):
            if any(_is_same(thing, column) for column in columns):
                return True
            continue
        waiting.extend(_held_by(thing))
    return False


def _is_trusted(thing: object) -> bool:
    """Return whether there is no need to look inside: modules, library classes, compiled code."""
    if isinstance(thing, type):
        return _is_library(thing.__module__)
    return isinstance(thing, ModuleType) or type(thing).__module__.startswith("numba.")


def _is_library(module: str) -> bool:
    """Return whether code is this package's, Python's own, or installed."""
    if module.split(".", maxsplit=1)[0] in _LIBRARIES:
        return True
    place = str(getattr(sys.modules.get(module), "__file__", ""))
    return "site-packages" in place or "dist-packages" in place


def _is_same(array: Any, column: FloatArray) -> bool:
    if np.may_share_memory(array, column):
        return True
    known = array.shape == column.shape and bool(np.isfinite(column).any())
    return known and array.dtype.kind == "f" and np.array_equal(array, column, equal_nan=True)


def _held_by(thing: object) -> Iterable[object]:
    if isinstance(thing, FunctionType):
        return _held_by_function(thing)
    if isinstance(thing, type):
        return [*vars(thing).values(), *thing.__bases__]
    return gc.get_referents(thing)


def _held_by_function(function: FunctionType) -> list[object]:
    held: list[object] = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    held += function.__closure__ or ()
    if _is_library(function.__module__):
        return held
    variables = function.__globals__
    return held + [variables[name] for name in _globals_of(function.__code__) if name in variables]


def _globals_of(code: CodeType) -> set[str]:
    """Return the module variables that a function reads, functions inside of it included."""
    read = {step.argval for step in get_instructions(code) if step.opname == "LOAD_GLOBAL"}
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return read.union(*(_globals_of(part) for part in inner))
