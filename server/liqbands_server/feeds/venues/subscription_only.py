"""What a venue tells by subscription alone, so that nothing is asked for it."""

from liqbands_server.feeds.records import FeedMarket, News, OpenInterest
from liqbands_server.feeds.venues.border import Exchange


class LiquidationsBySubscription:
    """For venues without a public list of liquidations."""

    async def liquidations(
        self,
        exchange: Exchange,  # noqa: ARG002 - the protocol gives it
        market: FeedMarket,  # noqa: ARG002 - the protocol gives it
        since_ms: int,  # noqa: ARG002 - the protocol gives it
        until_ms: int,  # noqa: ARG002 - the protocol gives it
    ) -> list[News]:
        """Return nothing: what was not heard cannot be asked for."""
        return []


class OpenInterestBySubscription:
    """For venues whose streams tell what is open."""

    async def open_interest(self, exchange: Exchange, market: FeedMarket) -> OpenInterest | None:
        """Return None: a subscription tells it."""
