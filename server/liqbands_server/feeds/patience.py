"""How long the feeds wait for what, in seconds of our own clock."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Every wait of the feeds.

    Parameters
    ----------
    first_pause, longest_pause : float
        Bounds of the pauses between attempts, which double.
    steady : float
        A connection that lasted so long begins again with the first pause.
    throttled : float
        Pause of a whole venue that says "too many requests" without saying how long.
    banned : float
        The same when it says that it will ban, or has banned, this address.
    silence : float
        Factor on the silence that a subscription counts as normal.
    keep_alive : float
        Seconds between the pings of a websocket, at most.
    answer : float
        How long an answer may take.
    settle : float
        How long a closed bar waits for what else was on its way.
    poll : float
        Factor on the time between questions that are asked again and again.
    courtesy : float
        Factor on the time between questions that a venue's limits ask for.
    tick : float
        So often is done what no frame gives occasion to, health above all.
    down : float
        After so long without any success a stream has failed, and is no longer merely behind.
    """

    first_pause: float = 0.5
    longest_pause: float = 60.0
    steady: float = 60.0
    throttled: float = 5.0
    banned: float = 120.0
    silence: float = 1.0
    keep_alive: float = 15.0
    answer: float = 15.0
    settle: float = 0.25
    poll: float = 1.0
    courtesy: float = 1.0
    tick: float = 1.0
    down: float = 60.0


class Pauses:
    """Pauses between attempts: doubling, each by chance between nothing and its full length.

    Parameters
    ----------
    patience : Patience
        Their bounds.

    Examples
    --------
    >>> pauses = Pauses(Patience(first_pause=0.5, longest_pause=60.0))
    >>> 0 <= pauses.next() <= 0.5, 0 <= pauses.next() <= 1.0
    (True, True)
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._n_attempts = 0

    def next(self) -> float:
        """Return the next pause, seconds."""
        full = self._patience.first_pause * 2.0 ** min(self._n_attempts, 32)
        self._n_attempts += 1
        longest = min(full, self._patience.longest_pause)
        return random.uniform(0.0, longest)  # noqa: S311 - no secret

    def begin_again(self) -> None:
        """Forget the attempts: the last one succeeded."""
        self._n_attempts = 0
