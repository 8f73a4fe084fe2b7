"""The host's C interface in Python types."""

import ctypes
from pathlib import Path
from typing import Final

LONG, INT, DOUBLE, TEXT = ctypes.c_long, ctypes.c_int, ctypes.c_double, ctypes.c_char_p
POINTER_INT = ctypes.POINTER(INT)

WEB: Final = ctypes.CFUNCTYPE(
    INT,
    TEXT,
    TEXT,
    TEXT,
    ctypes.POINTER(ctypes.c_ubyte),
    INT,
    ctypes.POINTER(ctypes.c_ubyte),
    INT,
    POINTER_INT,
    POINTER_INT,
)

SIGNATURES: Final[dict[str, list[object]]] = {
    "host_start": [TEXT, TEXT],
    "host_set_input": [TEXT, TEXT],
    "host_set_symbol": [TEXT, INT, INT],
    "host_set_clock": [LONG, LONG, INT],
    "host_set_tick": [TEXT, LONG, DOUBLE, DOUBLE],
    "host_set_window": [INT, INT, DOUBLE, DOUBLE, INT, INT],
    "host_set_bars": [ctypes.c_void_p, ctypes.c_void_p, INT],
    "host_set_rates": [TEXT, ctypes.c_void_p, INT],
    "host_set_flags": [INT, INT, INT, LONG],
    "host_set_data_path": [TEXT],
    "host_set_charts": [ctypes.c_void_p, INT],
    "host_set_global": [TEXT, DOUBLE],
    "host_add_object": [TEXT],
    "host_set_indicator": [TEXT],
    "host_set_web": [WEB],
    "host_OnInit": [POINTER_INT],
    "host_OnDeinit": [INT],
    "host_OnTimer": [],
    "host_OnStart": [],
    "host_OnChartEvent": [INT, LONG, TEXT],
    "host_OnCalculate": [INT, POINTER_INT],
    "host_pixels": [POINTER_INT, POINTER_INT, ctypes.POINTER(LONG)],
    "host_forget": [],
    "host_state": [],
    "host_failure": [],
}


def load(path: Path) -> ctypes.CDLL:
    """Return a compiled program with its signatures set."""
    library = ctypes.CDLL(str(path))
    for name, arguments in SIGNATURES.items():
        getattr(library, name).argtypes = arguments
    library.host_state.restype = library.host_failure.restype = TEXT
    library.host_pixels.restype = ctypes.POINTER(ctypes.c_uint32)
    return library
