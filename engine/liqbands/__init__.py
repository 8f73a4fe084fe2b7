"""Liquidation bands estimated from market data.

Names are loaded when first used, so that ``import liqbands`` stays fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from liqbands.bar import Bar as Bar
    from liqbands.book import Book as Book
    from liqbands.calibration import Calibration as Calibration
    from liqbands.frames import candles_from_frame as candles_from_frame
    from liqbands.grid import PriceGrid as PriceGrid
    from liqbands.heatmaps import heatmap as heatmap
    from liqbands.heatmaps import snapshot as snapshot
    from liqbands.instrument import ContractKind as ContractKind
    from liqbands.instrument import Instrument as Instrument
    from liqbands.instrument import MarketKind as MarketKind
    from liqbands.instrument import Side as Side
    from liqbands.level import Level as Level
    from liqbands.levels import Band as Band
    from liqbands.levels import LiquidationMap as LiquidationMap
    from liqbands.levels import Summary as Summary
    from liqbands.maps import liquidation_map as liquidation_map
    from liqbands.maps import summary as summary
    from liqbands.margin import liquidation_price as liquidation_price
    from liqbands.market_data import Candles as Candles
    from liqbands.market_data import Liquidations as Liquidations
    from liqbands.market_data import OrderBook as OrderBook
    from liqbands.parameter_files import ParameterFile as ParameterFile
    from liqbands.parameter_files import load_parameters as load_parameters
    from liqbands.parameter_files import read_parameters as read_parameters
    from liqbands.parameter_files import write_parameters as write_parameters
    from liqbands.parameters import Parameters as Parameters
    from liqbands.results import Heatmap as Heatmap
    from liqbands.results import Snapshot as Snapshot
    from liqbands.tracker import BandTracker as BandTracker
    from liqbands.venues_together import combine as combine
    from liqbands.zones import bands as bands

_HOME = {
    "Band": "levels",
    "BandTracker": "tracker",
    "Bar": "bar",
    "Book": "book",
    "Calibration": "calibration",
    "Candles": "market_data",
    "ContractKind": "instrument",
    "Heatmap": "results",
    "Instrument": "instrument",
    "Level": "level",
    "LiquidationMap": "levels",
    "Liquidations": "market_data",
    "MarketKind": "instrument",
    "OrderBook": "market_data",
    "ParameterFile": "parameter_files",
    "Parameters": "parameters",
    "PriceGrid": "grid",
    "Side": "instrument",
    "Snapshot": "results",
    "Summary": "levels",
    "bands": "zones",
    "candles_from_frame": "frames",
    "combine": "venues_together",
    "heatmap": "heatmaps",
    "liquidation_map": "maps",
    "liquidation_price": "margin",
    "load_parameters": "parameter_files",
    "read_parameters": "parameter_files",
    "snapshot": "heatmaps",
    "summary": "maps",
    "write_parameters": "parameter_files",
}

__all__ = sorted(_HOME)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'liqbands' has no attribute {name!r}")
    value = getattr(import_module(f"liqbands.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_HOME))
