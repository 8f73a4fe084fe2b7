"""What the border of a venue has to keep in mind from frame to frame."""

from dataclasses import dataclass, field

from liqbands_server.feeds.venues.closed_bars import BarSuccession
from liqbands_server.feeds.venues.told_trades import ToldTrades


@dataclass(frozen=True, slots=True)
class Memory:
    """Bars that may still change, and trades that have been told.

    Parameters
    ----------
    bars : BarSuccession
        Knows which bars are final.
    trades : ToldTrades
        Knows which trades are new.
    """

    bars: BarSuccession = field(default_factory=BarSuccession)
    trades: ToldTrades = field(default_factory=ToldTrades)
