"""What processes cost: share of a core, resident memory and where it goes."""

import os
import time
from pathlib import Path

import numpy as np

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6


class Meter:
    """Watches a process and its children."""

    def __init__(self, process_id: int) -> None:
        self._family = [process_id, *_children(process_id)]
        self._began = time.monotonic()
        self._ticks = self._used()
        self._samples: list[tuple[float, float]] = []

    def sample(self) -> None:
        """Look at its memory."""
        resident = sum(_resident_mb(process_id) for process_id in self._family)
        self._samples.append((time.monotonic() - self._began, resident))

    def describe(self) -> str:
        """Return what it has cost since the beginning."""
        seconds = time.monotonic() - self._began
        share = (self._used() - self._ticks) / _TICKS_PER_SECOND / seconds
        times, resident = np.array(self._samples).T
        late = times >= times[-1] / 3  # the first third warms up
        slope = np.polyfit(times[late], resident[late], 1)[0] * 60 if late.sum() > 2 else np.nan
        return (
            f"{share:.0%} of a core, {resident[-1]:.0f} MB resident, "
            f"{slope:+.2f} MB a minute over the last two thirds"
        )

    def _used(self) -> int:
        return sum(_ticks(process_id) for process_id in self._family)


def _children(process_id: int) -> list[int]:
    path = Path(f"/proc/{process_id}/task/{process_id}/children")
    return [int(word) for word in path.read_text().split()]


def _ticks(process_id: int) -> int:
    """Return the time on a processor, from the fields after the name in parentheses."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _resident_mb(process_id: int) -> float:
    return int(Path(f"/proc/{process_id}/statm").read_text().split()[1]) * _PAGE_MB
