"""The exceptions that liqbands raises on purpose; everything else is a bug."""


class LiqbandsError(Exception):
    """Root of all errors raised on purpose."""


class MarketDataError(LiqbandsError, ValueError):
    """Market data breaks a rule; the message names the column, the bar's time and the value."""


class UnknownSymbolError(LiqbandsError, LookupError):
    """No such venue or instrument is known."""


class MarginInputError(LiqbandsError, ValueError):
    """A position cannot be margined as described; the message names field, value and remedy."""


class GridMismatchError(LiqbandsError, ValueError):
    """Two results on different price grids or time axes cannot be added."""


class ParameterFileError(LiqbandsError, ValueError):
    """A parameter file cannot be used; the message names field, value and remedy."""


class TierDocumentError(LiqbandsError, ValueError):
    """A document is no table of margin tiers; the message names what is wrong."""
