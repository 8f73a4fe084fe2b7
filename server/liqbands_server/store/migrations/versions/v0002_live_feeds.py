"""What live feeds know besides: when they listened, quantities by price, positions, gaps."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"


def upgrade() -> None:
    """Create the new tables, and give health its new columns.

    Bands count otherwise since this version, so those through time are worked out anew.
    """
    op.execute(sa.text("DELETE FROM band_column"))
    gaps = sa.Column("n_gaps", sa.Integer, nullable=False, server_default="0")
    throttled = sa.Column("throttled", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("feed_health", gaps)
    op.add_column("feed_health", throttled)
    _create_listening()
    _create_observed()


def _create_listening() -> None:
    op.create_table(
        "listening",
        sa.Column("instrument_id", sa.Integer, nullable=False),
        sa.Column("stream", sa.String(32), nullable=False),
        sa.Column("from_ms", sa.BigInteger, nullable=False),
        sa.Column("until_ms", sa.BigInteger, nullable=False),
        _owner("listening"),
        sa.PrimaryKeyConstraint("instrument_id", "stream", "from_ms", name="pk_listening"),
    )
    op.create_table(
        "profile",
        sa.Column("instrument_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
        sa.Column("first_bin", sa.Integer, nullable=False),
        sa.Column("quantities", sa.LargeBinary, nullable=False),
        _owner("profile"),
        sa.PrimaryKeyConstraint("instrument_id", "kind", "time_ms", name="pk_profile"),
    )


def _create_observed() -> None:
    op.create_table(
        "observed_position",
        sa.Column("instrument_id", sa.Integer, nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("side", sa.Integer, nullable=False),
        sa.Column("contracts", sa.Double, nullable=False),
        sa.Column("entry_price", sa.Double, nullable=False),
        sa.Column("liquidation_price", sa.Double),
        sa.Column("seen_ms", sa.BigInteger, nullable=False),
        _owner("observed_position"),
        sa.PrimaryKeyConstraint("instrument_id", "account", "side", name="pk_observed_position"),
    )


def _owner(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["instrument_id"], ["instrument.id"], name=f"fk_{name}_instrument_id"
    )
