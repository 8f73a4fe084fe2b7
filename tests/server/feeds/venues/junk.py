"""Nonsense in the place of what a venue says."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.sampled_from(["", "NaN", "-1", "1e400", "inf", "abc", "0", "1", "BTCUSDT", "data"])
    | st.text(max_size=5)
)
JUNK = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["e", "topic", "arg", "data", "k", "o", "s"]), inner)
    ),
    max_leaves=8,
)
"""Anything that JSON can hold."""

Path = tuple[Any, ...]


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Return where something stands in a document, itself first."""
    yield path
    parts = value if isinstance(value, dict) else {}
    for key, part in enumerate(value) if isinstance(value, list) else parts.items():
        yield from places(part, (*path, key))


def with_junk(document: Any, path: Path, junk: Any) -> Any:
    """Return a copy in which junk stands at a place."""
    if not path:
        return junk
    changed = copy.deepcopy(document)
    part = changed
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = junk
    return changed


def without(document: Any, path: Path) -> Any:
    """Return a copy in which a place is missing."""
    changed = copy.deepcopy(document)
    part = changed
    for key in path[:-1]:
        part = part[key]
    del part[path[-1]]
    return changed
