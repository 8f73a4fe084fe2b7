"""Where the UDF endpoints answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mount:
    """Where the UDF endpoints answer.

    Parameters
    ----------
    path : str
        Begins with ``/``.
    group : bool
        Whether ``/config`` there announces symbols by group instead of search.
    """

    path: str
    group: bool
