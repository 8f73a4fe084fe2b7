"""The two ways in which the loops of this folder are compiled.

Both follow numpy's error model, because a check for zero in front of every division would keep
the compiler from using vector instructions, and both leave out reference counting (nothing here
allocates; counting the arrays of a book at every call costs twenty times the arithmetic).  They
let go of the interpreter's lock: other threads of a server go on while a book is walked.

A `cold` function is compiled once for each combination of argument types, and a literal number
is a type of its own: callers hand over variables.  Compiled code is cached beside the sources;
numba looks at the file of the entry point only, so ``make`` clears the cache when any file of
this folder changes.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


class Compiler(Protocol):
    """A decorator that leaves the signature as it is."""

    def __call__(self, function: Function, /) -> Function:
        """Compile a function when it is first called."""


_OPTIONS: Final[dict[str, Any]] = {
    "cache": True,
    "error_model": "numpy",
    "nogil": True,
    "_nrt": False,
}

hot: Final = cast("Compiler", numba.njit(inline="always", **_OPTIONS))
"""For what runs at every bar: written into its caller, never compiled on its own."""

cold: Final = cast("Compiler", numba.njit(**_OPTIONS))
"""For what runs now and then, and for entry points: compiled once, called."""
