"""Every setting of the server, its default and its check: the one documented place.

Values come from the defaults, then ``liqbands.toml``, then ``LIQBANDS_*`` variables, the later
ones winning.  A key of the file is the field's name, a variable the same in capitals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal

import platformdirs
from marshmallow import Schema, ValidationError
from marshmallow import fields as checks
from marshmallow.validate import OneOf, Regexp

from liqbands_server.configuration.fields import (
    Folder,
    Paths,
    StoreAddress,
    Whole,
    Words,
    masked_address,
)
from liqbands_server.configuration.mounts import Mount as Mount
from liqbands_server.configuration.patterns import (
    COIN,
    GATEWAY,
    ONE_WORD,
    ORIGIN,
    VENUE,
    VENUES,
    WALLET,
)
from liqbands_server.configuration.sources import Given, given_values, this_environment
from liqbands_server.errors import ConfigurationError

SIMULATED_SEED: Final = 19
"""Two months that move as real ones do: 4 % a day, never more than a sixth."""

_PROJECT: Final = Path(__file__).resolve().parents[2]
_MARKET: Final = "market"
_UNITS: Final = ("milliseconds", "seconds")
_LEVELS: Final = ("debug", "info", "warning", "error")
_PATHS: Final = "be paths such as /tv, none under /api"
_FORMATS: Final = ("auto", "json", "text")


def _setting(default: Any, check: checks.Field[Any], must: str) -> Any:
    return field(default=default, metadata={"check": check, "must": must})


def _whole(default: int, low: int, high: int) -> int:
    found: int = _setting(default, Whole(low, high), f"be a whole number from {low} to {high}")
    return found


def _one_of(default: str, choices: tuple[str, ...]) -> Any:
    return _setting(
        default, checks.String(validate=OneOf(choices)), f"be one of {', '.join(choices)}"
    )


def _secret() -> Any:
    must = "be one line of text without spaces"
    check = checks.String(validate=Regexp(ONE_WORD))
    return field(default="", repr=False, metadata={"check": check, "must": must, "is_secret": True})


def _default_store() -> str:
    return str(platformdirs.user_data_path("liqbands") / "liqbands.db")


@dataclass(frozen=True, slots=True)
class Settings:
    """The effective configuration.

    Parameters
    ----------
    store : str
        Path of a SQLite file, or a ``postgresql://`` address.
    host, port : str and int
        Where the server listens.
    workers, threads : int
        Web processes, and threads of each that answer questions; streams have their own.
    udf_mounts, udf_group_mounts : tuple of str
        Paths beside ``/udf`` at which the UDF endpoints answer, with search and in group mode.
    next_time_unit : {"milliseconds", "seconds"}
        Of UDF's ``nextTime``.
    cors_origins : tuple of str
        Whose pages may ask; ``*`` is everybody's.
    max_columns, max_rows, max_cells : int
        Bounds on one heatmap.
    max_window_days : int
        Longest stretch of time of one question.
    max_body_bytes : int
        Largest request body.
    push_key : str
        Whoever has it may send candles; without one only programs of this machine may.
    max_streams : int
        Streams that one worker holds open at a time; each has a thread, made when it begins.
    log_level : {"debug", "info", "warning", "error"}
        From which level on something is logged.
    log_format : {"auto", "json", "text"}
        ``auto`` is text on a terminal and JSON elsewhere.
    data : Path or None
        Folder of recorded markets.
    simulated : bool
        Whether the simulated market is played.
    simulated_seed, simulated_days : int
        Of all its chance, and days of its history before the first start.
    venues, symbols : tuple of str
        Venues whose live data are collected, and the coins; without venues, nothing is.
    feed_days : int
        Days of history that are fetched before the first start.
    feed_gateway : str
        Address through which all venues are reached, with the venue's host as the first part of
        the path; empty reaches them directly.
    binance_key, binance_secret : str
        Of an account that may read Binance's own margin tiers; nothing else needs them.
    hyperliquid_addresses : tuple of str
        Accounts whose open positions are observed.
    """

    store: str = field(
        default_factory=_default_store,
        repr=False,  # it may hold a password
        metadata={
            "check": StoreAddress(),
            "must": "be a file or postgresql://USER:PASSWORD@HOST/DATABASE",
        },
    )
    host: str = _setting("127.0.0.1", checks.String(), "be an address of this machine")
    port: int = _whole(8765, 1, 65_535)
    workers: int = _whole(2, 1, 64)
    threads: int = _whole(32, 1, 1_000)
    udf_mounts: tuple[str, ...] = _setting((), Paths(), _PATHS)
    udf_group_mounts: tuple[str, ...] = _setting((), Paths(), _PATHS)
    next_time_unit: Literal["milliseconds", "seconds"] = _one_of("milliseconds", _UNITS)
    cors_origins: tuple[str, ...] = _setting(
        ("*",), Words(ORIGIN), "be * or origins as https://a.b"
    )
    max_columns: int = _whole(2_000, 1, 20_000)
    max_rows: int = _whole(1_000, 1, 10_000)
    max_cells: int = _whole(800_000, 1, 20_000_000)
    max_window_days: int = _whole(3_660, 1, 36_600)
    max_body_bytes: int = _whole(65_536, 1, 100_000_000)
    push_key: str = _secret()
    max_streams: int = _whole(400, 0, 10_000)
    log_level: Literal["debug", "info", "warning", "error"] = _one_of("info", _LEVELS)
    log_format: Literal["auto", "json", "text"] = _one_of("auto", _FORMATS)
    data: Path | None = field(default=None, metadata={"check": Folder(), "must": "name a folder"})
    simulated: bool = _setting(True, checks.Boolean(), "be true or false")
    simulated_seed: int = _whole(SIMULATED_SEED, 0, 2**31 - 1)
    simulated_days: int = _whole(30, 1, 3_660)

    venues: tuple[str, ...] = _setting((), Words(VENUE), f"be venues among {', '.join(VENUES)}")
    symbols: tuple[str, ...] = _setting(
        ("BTC", "ETH", "SOL", "XRP"), Words(COIN), "be coins such as BTC,ETH"
    )
    feed_days: int = _whole(30, 1, 3_660)
    feed_gateway: str = _setting(
        "", checks.String(validate=Regexp(GATEWAY)), "be empty or an http:// address"
    )
    binance_key: str = _secret()
    binance_secret: str = _secret()
    hyperliquid_addresses: tuple[str, ...] = _setting(
        (), Words(WALLET), "be addresses of accounts, 0x and 40 hexadecimal digits"
    )

    def __post_init__(self) -> None:
        twice = set(self.udf_mounts) & set(self.udf_group_mounts)
        if twice:
            raise ConfigurationError(
                f"udf_mounts and udf_group_mounts must differ, both hold {min(twice)}"
            )

    @property
    def mounts(self) -> tuple[Mount, ...]:
        """Return where the UDF endpoints answer, each path once."""
        search = [path for path in ("/udf", *self.udf_mounts) if path not in self.udf_group_mounts]
        modes = {**dict.fromkeys(search, False), **dict.fromkeys(self.udf_group_mounts, True)}
        return tuple(Mount(path, group) for path, group in modes.items())

    @property
    def store_name(self) -> str:
        """Return the store's address without its password."""
        return masked_address(self.store)


SECRETS: Final = frozenset(f.name for f in fields(Settings) if "is_secret" in f.metadata)
"""Settings that are never shown."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings, and who chose them.

    Parameters
    ----------
    settings : Settings
        The effective values.
    origins : mapping of str to str
        By setting; those that are left out have their defaults.
    """

    settings: Settings
    origins: Mapping[str, str]


def load_configuration(
    chosen: Mapping[str, str] | None = None, environment: Mapping[str, str] | None = None
) -> Configuration:
    """Read the configuration.

    Parameters
    ----------
    chosen : mapping of str to str, optional
        Variables that win over those of the environment, e.g. from a command's options.
    environment : mapping of str to str, optional
        Variables; None takes this process's own.

    Returns
    -------
    Configuration
        Checked.

    Raises
    ------
    ConfigurationError
        If a setting is unknown or wrong; the message names it, and what would do.
    """
    variables = {**(this_environment() if environment is None else environment), **(chosen or {})}
    given = given_values((item.name for item in fields(Settings)), variables)
    try:
        values = _schema().load({key: one.value for key, one in given.items()})
    except ValidationError as error:
        wrong = next(iter(error.messages_dict))
        raise ConfigurationError(_refusal(wrong, given[wrong])) from error
    return Configuration(Settings(**values), {key: one.origin for key, one in given.items()})


def load_settings(chosen: Mapping[str, str] | None = None) -> Settings:
    """Return the effective configuration of this process.

    Parameters
    ----------
    chosen : mapping of str to str, optional
        Variables that win over those of the environment, e.g. from a command's options.

    Raises
    ------
    ConfigurationError
        If a setting is unknown or wrong.
    """
    return load_configuration(chosen).settings


def data_folder(settings: Settings | None = None) -> Path | None:
    """Return the folder with recorded markets, if there is one.

    Parameters
    ----------
    settings : Settings, optional
        The effective configuration; None reads it.

    Returns
    -------
    Path or None
        The setting `data`, else ``../shared/data`` beside the project when it exists; in either
        case its subfolder ``market`` when there is one.  None when there is no such folder.

    Raises
    ------
    ConfigurationError
        If a setting is unknown or wrong, e.g. `LIQBANDS_DATA` names no folder.
    """
    chosen = (load_settings() if settings is None else settings).data
    folder = chosen or _PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        return None
    market = folder / _MARKET
    return market if market.is_dir() else folder


def _schema() -> Schema:
    return Schema.from_dict({item.name: item.metadata["check"] for item in fields(Settings)})()


def _refusal(key: str, given: Given) -> str:
    must = next(item.metadata["must"] for item in fields(Settings) if item.name == key)
    if key in SECRETS:
        return f"{given.name} must {must}"
    if key == "store":
        return f"{given.name} must {must}; what it is may hold a password"
    return f"{given.name} must {must}, was {given.value!r}"
