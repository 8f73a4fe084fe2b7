"""Simulates once what several tests look at, and makes `moments` importable."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

NAME = "tests.engine.sim.moments"
if NAME not in sys.modules:
    spec = spec_from_file_location(NAME, Path(__file__).with_name("moments.py"))
    if spec is None or spec.loader is None:
        raise ImportError("moments.py cannot be loaded")
    module = module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)

from tests.engine.sim.moments import (  # noqa: E402 - importable only from here on
    BASE,
    MANY_WORLDS,
    THREE_VENUES,
    Moment,
    Watched,
    moments,
    watch,
)

from liqbands.sim import Recording, World, record  # noqa: E402 - stands with the import above


def world_name(world: World) -> str:
    return world.name


@pytest.fixture(scope="session", params=MANY_WORLDS, ids=world_name)
def seen(request: pytest.FixtureRequest) -> list[Moment]:
    """Return every venue of a world at eight moments of three days."""
    return list(moments(request.param))


@pytest.fixture(scope="session")
def usual() -> list[Watched]:
    """Return twenty days of the base world, by three seeds."""
    return [watch(BASE, seed, days=20, fills=5) for seed in (1, 2, 3)]


@pytest.fixture(scope="session")
def recording() -> Recording:
    """Return a day of three venues with a true book every six hours."""
    return record(THREE_VENUES, seed=5, days=1)
