"""The writer beside the terminals: fetches what charts want and puts it where they look.

Everything that touches the world is given: how to ask the server, the time, how to wait.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from liqbands.errors import LiqbandsError
from liqbands_mt5.decode import decode
from liqbands_mt5.frame import FrameError
from liqbands_mt5.publishing import PublishError, delete_leftovers, publish
from liqbands_mt5.symbols import FOLDER, INDEX, frame_file
from liqbands_mt5.wishes import Wish, read_wishes

FRAME_PATH: Final = "/mt5/v1/frame"
INDEX_PATH: Final = "/mt5/v1/index"
INDEX_S: Final = 60.0
OK, NO_CONTENT, NOT_MODIFIED = 200, 204, 304
LEAST_PAUSE_S, MOST_PAUSE_S = 5.0, 60.0
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0


class ServerAwayError(LiqbandsError):
    """The server was not reached, or did not answer in time."""


class Fetch(Protocol):
    """Asks the server."""

    def __call__(self, path: str, query: Mapping[str, str]) -> tuple[int, bytes]:
        """Return status and body of a GET; raise `ServerAwayError` when there is no answer."""


class Step(Protocol):
    """Work that is done again and again."""

    def step(self, now_s: float, /) -> tuple[str, ...]:
        """Do what is due; return what a user should know."""


@dataclass(frozen=True, slots=True)
class Together:
    """Several kinds of work in turn.

    Parameters
    ----------
    parts : tuple of Step
        In their order.
    """

    parts: tuple[Step, ...]

    def step(self, now_s: float) -> tuple[str, ...]:
        """Do what is due of each part; return what a user should know."""
        return tuple(line for part in self.parts for line in part.step(now_s))


@dataclass(slots=True)
class _Kept:
    """What is known of one wish."""

    seq: int = 0
    file: Path | None = None
    pause_s: float = 0.0
    not_before_s: float = 0.0


@dataclass(slots=True)
class Sidecar:
    """One server, one shared folder.

    Parameters
    ----------
    fetch : Fetch
        Asks the server.
    common_folder : Path
        ``Common/Files`` of the terminals.
    listed : tuple of Wish
        What to fetch whether a chart wants it or not.
    """

    fetch: Fetch
    common_folder: Path
    listed: tuple[Wish, ...] = ()
    _kept: dict[Wish, _Kept] = field(default_factory=dict)
    _index_at_s: float = -1e18
    _said: set[str] = field(default_factory=set)

    @property
    def folder(self) -> Path:
        """Return where the files lie."""
        return self.common_folder / FOLDER

    @property
    def files(self) -> tuple[Path, ...]:
        """Return the frames that were written."""
        return tuple(sorted({kept.file for kept in self._kept.values() if kept.file is not None}))

    def step(self, now_s: float) -> tuple[str, ...]:
        """Fetch all that is due, once.

        Parameters
        ----------
        now_s : float
            Unix seconds.

        Returns
        -------
        tuple of str
            What a user should know, each trouble once until it has ended.

        Raises
        ------
        ServerAwayError
            If the server was not reached; then nothing else was tried.
        """
        troubles: list[str] = []
        if abs(now_s - self._index_at_s) >= INDEX_S:
            troubles += self._renew_index()
            self._index_at_s = now_s
            delete_leftovers(self.folder, now_s)
        for wish in sorted({*self.listed, *read_wishes(self.folder, now_s)}):
            kept = self._kept.setdefault(wish, _Kept())
            trouble = self._pull(wish, kept) if now_s >= kept.not_before_s else ""
            if trouble:
                kept.pause_s = min(MOST_PAUSE_S, max(LEAST_PAUSE_S, 2 * kept.pause_s))
                kept.not_before_s = now_s + kept.pause_s
                troubles.append(trouble)
            elif now_s >= kept.not_before_s:
                kept.pause_s = 0.0
        return self._news(troubles)

    def _news(self, troubles: list[str]) -> tuple[str, ...]:
        waiting = any(kept.pause_s > 0 for kept in self._kept.values())
        new = tuple(trouble for trouble in troubles if trouble not in self._said)
        self._said = (self._said if waiting else set()) | set(troubles)
        return new

    def _renew_index(self) -> list[str]:
        status, data = self.fetch(INDEX_PATH, {})
        path = self.folder / INDEX
        if status != OK:
            return [f"table of names: HTTP {status}"]
        if path.is_file() and path.read_bytes() == data:
            return []
        try:
            publish(path, data)
        except PublishError as error:
            return [str(error)]
        return []

    def _pull(self, wish: Wish, kept: _Kept) -> str:
        """Return what went wrong."""
        if kept.file is None or not kept.file.is_file():
            kept.seq = 0
        query = {"symbol": wish.feed, "timeframe": wish.timeframe, "since": str(kept.seq)}
        status, data = self.fetch(FRAME_PATH, query)
        if status in (NO_CONTENT, NOT_MODIFIED):
            return ""
        if status != OK:
            return f"{wish.feed} {wish.timeframe}: HTTP {status} {_words(data)}"
        try:
            frame = decode(data)
            path = self.folder / frame_file(frame.symbol, wish.timeframe)
            publish(path, data)
        except (FrameError, PublishError) as error:
            return f"{wish.feed} {wish.timeframe}: {error}"
        kept.seq, kept.file = frame.seq, path
        return ""


def follow(
    work: Step,
    *,
    now: Callable[[], float],
    wait: Callable[[float], bool],
    tell: Callable[[str], None],
    poll_s: float = 1.0,
) -> None:
    """Do work until told to stop.

    Parameters
    ----------
    work : Step
        What to do in each round.
    now : callable
        Returns unix seconds.
    wait : callable
        Waits so many seconds; returns True to stop, as ``threading.Event.wait`` does.
    tell : callable
        Takes each line for the user.
    poll_s : float
        Seconds between two rounds; 1, 2, 4 … 30 s while the server is away.
    """
    away_s = FIRST_WAIT_S
    while True:
        try:
            lines = work.step(now())
        except ServerAwayError as error:
            if away_s == FIRST_WAIT_S:
                tell(f"{error}; trying again")
            pause_s, away_s = away_s, min(LONGEST_WAIT_S, 2 * away_s)
        else:
            if away_s > FIRST_WAIT_S:
                tell("the server answers again")
            pause_s, away_s = poll_s, FIRST_WAIT_S
            for line in lines:
                tell(line)
        if wait(pause_s):
            return


def _words(data: bytes) -> str:
    return " ".join(data[:200].decode("utf-8", "replace").split())
