"""Progress on standard error while a command works; nothing where nobody watches."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


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
def stages(n_stages: int) -> Iterator[Stages]:
    """Show progress while the block runs.

    Parameters
    ----------
    n_stages : int
        How many steps the block takes.

    Yields
    ------
    Stages
        To be told of every step.
    """
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        yield Stages(progress, n_stages)
