"""How far the fetching of history is: a bar on a terminal, lines in the log elsewhere."""

import logging
import sys
import time
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

_LOG_SECONDS: Final = 10.0
_WORTH_SHOWING: Final = 3 * 1440
_log = logging.getLogger(__name__)


class FetchProgress:
    """Minutes of history that have been fetched, of all venues together."""

    def __init__(self) -> None:
        self._shown = Progress(
            TextColumn("history"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("minutes"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task: TaskID | None = None
        self._left: dict[str, int] = {}
        self._total = self._done = 0
        self._logged = time.monotonic()

    def expect(self, ticker: str, n_minutes: int) -> None:
        """Say how many minutes of a market are to be fetched; few are not worth a word.

        Parameters
        ----------
        ticker : str
            Which market.
        n_minutes : int
            How many.
        """
        if n_minutes < _WORTH_SHOWING:
            return
        self._left[ticker] = n_minutes
        self._total += n_minutes
        if self._task is None:
            self._shown.start()
            self._task = self._shown.add_task("", total=self._total)
        self._show()

    def advance(self, ticker: str, n_minutes: int) -> None:
        """Say that minutes of a market have been fetched.

        Parameters
        ----------
        ticker : str
            Which market.
        n_minutes : int
            How many.
        """
        if ticker not in self._left:
            return
        n_minutes = min(n_minutes, self._left[ticker])
        self._left[ticker] -= n_minutes
        self._done += n_minutes
        self._show()

    def finish(self, ticker: str) -> None:
        """Say that a market's history is complete, whether it was as long as expected or not.

        Parameters
        ----------
        ticker : str
            Which market.
        """
        self.advance(ticker, self._left.get(ticker, 0))
        self._left.pop(ticker, None)
        if self._task is not None and not self._left:
            self.stop()
            _log.info("history is complete: %d minutes", self._total)

    def stop(self) -> None:
        """Show nothing any more."""
        self._shown.stop()
        self._task = None

    def _show(self) -> None:
        if self._task is not None:
            self._shown.update(self._task, completed=self._done, total=self._total)
        if self._shown.disable and time.monotonic() - self._logged > _LOG_SECONDS:
            self._logged = time.monotonic()
            _log.info("history: %d of %d minutes", self._done, self._total)
