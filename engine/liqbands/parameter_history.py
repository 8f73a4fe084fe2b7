"""Where settings come from: what they were fitted on, and what they scored elsewhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SimulatedMarkets:
    """Some worlds of the simulated exchange, each with every seed.

    Parameters
    ----------
    worlds : tuple of str
        Names, see `liqbands.sim.worlds`.
    seeds : tuple of int
        Of all chance in a world.
    days : float
        Length of each market, warm-up included.
    warm_up_days : float
        Nothing counts before.

    Raises
    ------
    ValueError
        If there is no world or seed, one stands twice, or nothing is left after the warm-up.
    """

    worlds: tuple[str, ...]
    seeds: tuple[int, ...]
    days: float
    warm_up_days: float

    def __post_init__(self) -> None:
        for name in ("worlds", "seeds"):
            values = getattr(self, name)
            if not values or len(set(values)) < len(values):
                listed = ", ".join(map(str, values)) or "none"
                raise ValueError(f"{name} must be at least one, none twice; were {listed}")
        if not 0 <= self.warm_up_days < self.days:
            raise ValueError(
                f"days must be more than the warm-up of {self.warm_up_days:g}, were {self.days:g}"
            )

    @property
    def runs(self) -> tuple[tuple[str, int], ...]:
        """Return world and seed of every market, world by world."""
        return tuple((world, seed) for world in self.worlds for seed in self.seeds)


@dataclass(frozen=True, slots=True)
class HeldOutScore:
    """One figure measured on data that nothing was fitted on.

    Parameters
    ----------
    data : str
        What it was measured on.
    measure : str
        What was measured.
    value : float
        The value with these settings.
    low, high : float or None
        95 % bounds; None where there were too few blocks.
    before : float or None
        The value with the settings that the fit began with.
    n : int
        Observations behind it.
    """

    data: str
    measure: str
    value: float
    low: float | None
    high: float | None
    before: float | None
    n: int
