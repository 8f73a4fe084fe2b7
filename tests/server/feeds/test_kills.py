"""A feed that is killed at random moments loses nothing and doubles nothing.

`python -m tests.bench.feed_kills` does the same a hundred times.
"""

from pathlib import Path

from tests.bench.feed_kills import killings


def test_after_every_kill_the_store_holds_what_happened(tmp_path: Path) -> None:
    for wrong in killings(tmp_path, n_kills=5, seed=4):
        assert wrong[:3] == []
