"""Random numbers inside the compiled loops: one generator per exchange, 32 bytes of state.

Its own, because numpy's generators are counted references, and counting the references of an
exchange at every call costs many times the arithmetic.  The stream depends on the seed alone,
not on the version of any library.

References
----------
Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM Transactions on
Mathematical Software 47 (2021): xoshiro256+, whose upper 53 bits are used here.
"""

import math

import numpy as np
from numpy.typing import NDArray

from liqbands.kernel.compiled import cold

Chance = NDArray[np.uint64]

_SHIFT = np.uint64(17)
_ROTATE = np.uint64(45)
_BACK = np.uint64(64 - 45)
_UPPER = np.uint64(11)
_UNIT = 2.0**-53


def seeded(seed: int) -> Chance:
    """Return the state that a seed stands for.

    Parameters
    ----------
    seed : int
        Not negative.

    Returns
    -------
    ndarray of uint64, shape (4,)
        Well mixed, whatever the seed.
    """
    return np.random.SeedSequence(seed).generate_state(4, np.uint64).astype(np.uint64)


@cold
def uniform(chance: Chance) -> float:
    """Return a number in [0, 1)."""
    result = chance[0] + chance[3]
    shifted = chance[1] << _SHIFT
    chance[2] ^= chance[0]
    chance[3] ^= chance[1]
    chance[1] ^= chance[2]
    chance[0] ^= chance[3]
    chance[2] ^= shifted
    chance[3] = (chance[3] << _ROTATE) | (chance[3] >> _BACK)
    return float(result >> _UPPER) * _UNIT


@cold
def normal(chance: Chance) -> float:
    """Return a standard normal number (Box and Muller)."""
    radius = math.sqrt(-2.0 * math.log(1.0 - uniform(chance)))
    return radius * math.cos(2.0 * math.pi * uniform(chance))


@cold
def exponential(chance: Chance) -> float:
    """Return an exponential number of mean 1."""
    return -math.log(1.0 - uniform(chance))


@cold
def poisson(chance: Chance, mean: float) -> int:
    """Return a Poisson number: products of uniforms (Knuth), in parts where the mean is large."""
    count = 0
    while mean > 0.0:
        part = min(mean, 200.0)
        mean -= part
        floor = math.exp(-part)
        product = uniform(chance)
        while product > floor:
            count += 1
            product *= uniform(chance)
    return count
