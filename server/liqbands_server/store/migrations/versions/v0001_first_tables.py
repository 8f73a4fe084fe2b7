"""The first tables."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None

_PRICES: Final = ("open", "high", "low", "close")
_OPTIONAL: Final = (
    "volume",
    "quote_volume",
    "taker_buy_volume",
    "open_interest",
    "funding_rate",
    "mark_high",
    "mark_low",
    "mark_close",
    "long_liquidated",
    "short_liquidated",
)
_TIME: Final = sa.BigInteger


def upgrade() -> None:
    """Create every table."""
    _create_instrument()
    _create_candles()
    _create_events()
    _create_others()
    _create_change()


def _create_instrument() -> None:
    op.create_table(
        "instrument",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("ticker", sa.String(64), nullable=False),
        sa.Column("venue", sa.String(32), nullable=False),
        sa.Column("symbol", sa.String(64), nullable=False),
        sa.Column("contract_kind", sa.String(16), nullable=False),
        sa.Column("contract_size", sa.Double, nullable=False),
        sa.Column("tick_size", sa.Double),
        sa.Column("market", sa.String(16), nullable=False),
        sa.Column("session", sa.String(128), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("simulated", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_instrument"),
        sa.UniqueConstraint("ticker", name="uq_instrument_ticker"),
        sa.UniqueConstraint("venue", "symbol", name="uq_instrument_venue"),
    )


def _create_candles() -> None:
    _create(
        "series",
        ("timeframe_ms",),
        sa.Column("timeframe_ms", _TIME, nullable=False),
        sa.Column("anchor_ms", _TIME, nullable=False),
        sa.Column("first_load_done", sa.Boolean, nullable=False),
    )
    _create(
        "candle",
        ("timeframe_ms", "open_time_ms", "revision"),
        sa.Column("timeframe_ms", _TIME, nullable=False),
        sa.Column("open_time_ms", _TIME, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("learnt_ms", _TIME, nullable=False),
        *_values(),
        sqlite_with_rowid=False,
    )
    _create(
        "forming",
        (),
        sa.Column("timeframe_ms", _TIME, nullable=False),
        sa.Column("open_time_ms", _TIME, nullable=False),
        sa.Column("seen_ms", _TIME, nullable=False),
        *_values(),
    )


def _create_events() -> None:
    _create(
        "liquidation",
        ("event_ms", "side", "price", "contracts", "repeat"),
        sa.Column("event_ms", _TIME, nullable=False),
        sa.Column("side", sa.Integer, nullable=False),
        sa.Column("price", sa.Double, nullable=False),
        sa.Column("contracts", sa.Double, nullable=False),
        sa.Column("repeat", sa.Integer, nullable=False),
        sa.Column("learnt_ms", _TIME, nullable=False),
        sqlite_with_rowid=False,
    )
    _create(
        "band_column",
        ("n_slots", "time_ms", "revision"),
        sa.Column("n_slots", sa.Integer, nullable=False),
        sa.Column("time_ms", _TIME, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("learnt_ms", _TIME, nullable=False),
        sa.Column("slots", sa.LargeBinary, nullable=False),
    )


def _create_others() -> None:
    _create(
        "tier",
        ("learnt_ms",),
        sa.Column("learnt_ms", _TIME, nullable=False),
        sa.Column("tiers", sa.Text, nullable=False),
    )
    _create(
        "feed_health",
        ("feed",),
        sa.Column("feed", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("last_event_ms", _TIME),
        sa.Column("last_success_ms", _TIME),
        sa.Column("seen_ms", _TIME, nullable=False),
    )


def _create_change() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("instrument_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("first_ms", _TIME, nullable=False),
        sa.Column("last_ms", _TIME, nullable=False),
        sa.Column("learnt_ms", _TIME, nullable=False),
        _owner("change"),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_instrument_id_learnt_ms", "change", ["instrument_id", "learnt_ms"])


def _create(name: str, key: tuple[str, ...], *columns: sa.Column[Any], **options: Any) -> None:
    """Create a table whose rows belong to an instrument."""
    op.create_table(
        name,
        sa.Column("instrument_id", sa.Integer, nullable=False),
        *columns,
        _owner(name),
        sa.PrimaryKeyConstraint("instrument_id", *key, name=f"pk_{name}"),
        **options,
    )


def _owner(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["instrument_id"], ["instrument.id"], name=f"fk_{name}_instrument_id"
    )


def _values() -> list[sa.Column[float]]:
    required = [sa.Column(name, sa.Double, nullable=False) for name in _PRICES]
    return [*required, *(sa.Column(name, sa.Double) for name in _OPTIONAL)]
