"""Give freed memory back to the system, where the C library lets us ask for it.

A worker answers from hundreds of threads and makes bodies of a megabyte.  glibc by default gives
each thread an arena of its own and learns to keep large blocks, so that a worker would hold what
its threads once needed at their worst.
"""

import ctypes
import ctypes.util
from typing import Final

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
"""From glibc's malloc.h."""

_ARENAS: Final = 2
_LARGE_BYTES: Final = 262_144


def give_memory_back() -> bool:
    """Ask the C library to share arenas, and to give large blocks back when they are freed.

    Returns
    -------
    bool
        Whether it agreed; False where it is another library than glibc.
    """
    library = ctypes.CDLL(ctypes.util.find_library("c"))
    tune = getattr(library, "mallopt", None)
    if tune is None:
        return False
    wishes = (
        (_M_ARENA_MAX, _ARENAS),
        (_M_MMAP_THRESHOLD, _LARGE_BYTES),
        (_M_TRIM_THRESHOLD, _LARGE_BYTES),
    )
    return all(tune(name, value) == 1 for name, value in wishes)
