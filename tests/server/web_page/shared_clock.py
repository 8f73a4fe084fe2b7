"""A time that several processes share, and a feed's clock that moves it when told to."""

import struct
import threading
from mmap import mmap
from pathlib import Path
from typing import Final

_TIME: Final = struct.Struct("<q")
_PATIENCE_SECONDS: Final = 60.0


class SharedTime:
    """UTC milliseconds in a small file, which every process maps."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._memory = mmap(file.fileno(), _TIME.size)

    @classmethod
    def begin(cls, path: Path, time_ms: int) -> "SharedTime":
        """Write the file."""
        path.write_bytes(_TIME.pack(time_ms))
        return cls(path)

    def read(self) -> int:
        """Return the present time."""
        found: int = _TIME.unpack_from(self._memory)[0]
        return found

    def write(self, time_ms: int) -> None:
        """Let it be another time for everybody."""
        _TIME.pack_into(self._memory, 0, time_ms)


class SteppedClock:
    """A clock that stands until it is told how far to go, and in which steps."""

    def __init__(self, shared: SharedTime) -> None:
        self._shared = shared
        self._changed = threading.Condition()
        self._goal_ms = shared.read()
        self._step_ms = 1
        self._stopped = False
        self._is_idle = False

    def now_ms(self) -> int:
        """Return the present time."""
        return self._shared.read()

    def wait_until(self, time_ms: int) -> bool:
        """Return True when it is so late, False when it is to stop."""
        with self._changed:
            while self._goal_ms < time_ms and not self._stopped:
                self._is_idle = True
                self._changed.notify_all()
                self._changed.wait()
            self._is_idle = False
            now_ms = self._shared.read()
            self._shared.write(
                min(max(time_ms, now_ms + self._step_ms), max(self._goal_ms, now_ms))
            )
        return not self._stopped

    def advance(self, by_ms: int, step_ms: int) -> None:
        """Go on, and return when all that happens until then has been written."""
        with self._changed:
            self._goal_ms = self._shared.read() + by_ms
            self._step_ms = step_ms
            self._is_idle = False
            self._changed.notify_all()
        self.wait_idle()

    def wait_idle(self) -> None:
        """Return when the feed waits for a later time."""
        with self._changed:
            done = self._changed.wait_for(lambda: self._is_idle or self._stopped, _PATIENCE_SECONDS)
            assert done, "the feed takes too long"
            assert not self._stopped, "the feed has ended"

    def stop(self) -> None:
        """Let the feed end."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
