"""The tables.  Times are UTC milliseconds, prices quote per base, missing values NULL.

A closed candle is never changed: a correction is a further ``revision`` of the same bar with the
time it was learnt.  Every committed batch leaves a row in ``change``, which is what readers poll.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from liqbands.candle_rules import OPTIONAL, PRICES

VERSION: Final = "0002"
"""Revision of these tables; `liqbands_server.store.migrations` leads older stores to it."""

VERSION_TABLE: Final = "liqbands_version"

VALUES: Final = (*PRICES, *OPTIONAL)
"""Columns of a candle beside its time, in the order of `liqbands.Candles`."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _instrument_key(*, primary_key: bool = True) -> Column[int]:
    return Column(
        "instrument_id", ForeignKey("instrument.id"), primary_key=primary_key, nullable=False
    )


def _values(*, required: tuple[str, ...] = PRICES) -> list[Column[float]]:
    return [Column(name, Double, nullable=name not in required) for name in VALUES]


instrument = Table(
    "instrument",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ticker", String(64), nullable=False),
    Column("venue", String(32), nullable=False),
    Column("symbol", String(64), nullable=False),
    Column("contract_kind", String(16), nullable=False),
    Column("contract_size", Double, nullable=False),
    Column("tick_size", Double),
    Column("market", String(16), nullable=False),
    Column("session", String(128), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("simulated", Boolean, nullable=False),
    UniqueConstraint("ticker"),
    UniqueConstraint("venue", "symbol"),
)
"""What is traded, as `liqbands.Instrument`, under the ticker that charts use."""

series = Table(
    "series",
    metadata,
    _instrument_key(),
    Column("timeframe_ms", BigInteger, primary_key=True),
    Column("anchor_ms", BigInteger, nullable=False),
    Column("first_load_done", Boolean, nullable=False),
)
"""Candles of one length; its book starts at the anchor, the first bar of the first load."""

candle = Table(
    "candle",
    metadata,
    _instrument_key(),
    Column("timeframe_ms", BigInteger, primary_key=True),
    Column("open_time_ms", BigInteger, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("learnt_ms", BigInteger, nullable=False),
    *_values(),
    sqlite_with_rowid=False,
)
"""Closed bars; the highest revision learnt by a time is what was known then."""

forming = Table(
    "forming",
    metadata,
    _instrument_key(),
    Column("timeframe_ms", BigInteger, nullable=False),
    Column("open_time_ms", BigInteger, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
    *_values(),
)
"""The bar that has not closed, one row per instrument, overwritten."""

liquidation = Table(
    "liquidation",
    metadata,
    _instrument_key(),
    Column("event_ms", BigInteger, primary_key=True),
    Column("side", Integer, primary_key=True),
    Column("price", Double, primary_key=True),
    Column("contracts", Double, primary_key=True),
    Column("repeat", Integer, primary_key=True),
    Column("learnt_ms", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Realised liquidations; `repeat` counts events that are equal in everything."""

band_column = Table(
    "band_column",
    metadata,
    _instrument_key(),
    Column("n_slots", Integer, primary_key=True),
    Column("time_ms", BigInteger, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("learnt_ms", BigInteger, nullable=False),
    Column("slots", LargeBinary, nullable=False),
)
"""Bands by slot at one tick of the band clock; with rowid, as rows are a quarter of a page."""

tier = Table(
    "tier",
    metadata,
    _instrument_key(),
    Column("learnt_ms", BigInteger, primary_key=True),
    Column("tiers", Text, nullable=False),
)
"""A venue's own margin tiers as JSON, from when they were read."""

observed_position = Table(
    "observed_position",
    metadata,
    _instrument_key(),
    Column("account", String(64), primary_key=True),
    Column("side", Integer, primary_key=True),
    Column("contracts", Double, nullable=False),
    Column("entry_price", Double, nullable=False),
    Column("liquidation_price", Double),
    Column("seen_ms", BigInteger, nullable=False),
)
"""What accounts that are observed held when they were asked about last; overwritten."""

feed_health = Table(
    "feed_health",
    metadata,
    _instrument_key(),
    Column("feed", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("message", Text, nullable=False),
    Column("last_event_ms", BigInteger),
    Column("last_success_ms", BigInteger),
    Column("seen_ms", BigInteger, nullable=False),
    Column("n_gaps", Integer, nullable=False, server_default="0"),
    Column("throttled", Boolean, nullable=False, server_default=false()),
)
"""How a source of data is doing."""

listening = Table(
    "listening",
    metadata,
    _instrument_key(),
    Column("stream", String(32), primary_key=True),
    Column("from_ms", BigInteger, primary_key=True),
    Column("until_ms", BigInteger, nullable=False),
)
"""Stretches of time in which a source was heard without a break; between them it was not."""

profile = Table(
    "profile",
    metadata,
    _instrument_key(),
    Column("kind", String(16), primary_key=True),
    Column("time_ms", BigInteger, primary_key=True),
    Column("first_bin", Integer, nullable=False),
    Column("quantities", LargeBinary, nullable=False),
)
"""Quantities by price bin: what was traded in a minute, what rested in the order book."""

change = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _instrument_key(primary_key=False),
    Column("kind", String(16), nullable=False),
    Column("first_ms", BigInteger, nullable=False),
    Column("last_ms", BigInteger, nullable=False),
    Column("learnt_ms", BigInteger, nullable=False),
    Index(None, "instrument_id", "learnt_ms"),
    sqlite_autoincrement=True,
)
"""One row per committed batch: what readers have to read again."""
