"""Several things at once, of which the first to end ends the others."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any


async def until_first_ends(work: Sequence[Coroutine[Any, Any, object]]) -> None:
    """Run coroutines until one of them ends, then cancel the others.

    Parameters
    ----------
    work : sequence of coroutine
        At least one.

    Raises
    ------
    Exception
        What the first one raised, if it did.
    """
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def and_stay(work: Coroutine[Any, Any, object]) -> None:
    """Run a coroutine to its end, and then do nothing for ever.

    Parameters
    ----------
    work : coroutine
        Whose end means nothing to the others.
    """
    await work
    await asyncio.Event().wait()
