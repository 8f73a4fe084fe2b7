"""What can go wrong on the server's side of the border."""

from liqbands.errors import LiqbandsError


class StoreError(LiqbandsError):
    """The store cannot be opened, or does not hold what it must."""


class ExportError(LiqbandsError):
    """What was asked for cannot be written to a file; the message names it and what would do."""


class ConfigurationError(LiqbandsError, ValueError):
    """A setting is unknown or wrong; the message names it, its value and what would do."""


class QuestionError(LiqbandsError, ValueError):
    """A question cannot be answered as asked; the message names the parameter.

    Parameters
    ----------
    message : str
        What, what would do, which value.
    parameter : str
        The parameter's name, empty when it is none in particular.
    """

    def __init__(self, message: str, parameter: str = "") -> None:
        super().__init__(message)
        self.parameter = parameter


class NotReadyError(LiqbandsError):
    """The answer is still being prepared; the same question will do in a moment."""


class WireError(LiqbandsError):
    """A message of a venue cannot be true; it names the field and the value found."""


class FeedError(LiqbandsError):
    """A venue cannot be followed at present; the message says which and why."""
