"""Progress on standard error while a command works; nothing where nobody watches."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class Stages:
    """The steps of one command, shown as they are taken.

    Parameters
    ----------
    progress : Progress
        Where they are shown.
    n_stages : int
        How many will be taken.
    """

    def __init__(self, progress: Progress, n_stages: int) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=n_stages)
        self._taken = -1

    def next(self, description: str) -> None:
        """Begin a step; the one before is done.

        Parameters
        ----------
        description : str
            What is being done.
        """
        self._taken += 1
        self._progress.update(self._task, completed=self._taken, description=description)


@contextmanager
def stages(n_stages: int, *, counted: bool = False) -> Iterator[Stages]:
    """Show progress while the block runs.

    Parameters
    ----------
    n_stages : int
        How many steps the block takes.
    counted : bool
        Whether steps are alike, so that their number and the time left say something.

    Yields
    ------
    Stages
        To be told of every step.
    """
    console = Console(stderr=True)
    columns: list[ProgressColumn] = [SpinnerColumn(), TextColumn("{task.description}"), BarColumn()]
    columns += [MofNCompleteColumn(), TimeRemainingColumn()] if counted else []
    columns.append(TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        yield Stages(progress, n_stages)
