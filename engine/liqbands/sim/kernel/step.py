"""One step of the exchange, and the bars that come out of it."""

import math

from liqbands.kernel.compiled import cold
from liqbands.sim.kernel.chance import Chance, exponential, normal
from liqbands.sim.kernel.entries import MOST_ORDERS, open_positions, turn_tastes
from liqbands.sim.kernel.exits import cascade, expire
from liqbands.sim.kernel.layout import (
    CLOSE,
    DAY,
    FUNDING,
    FUNDING_RATE,
    HEDGED,
    HIGH,
    HIGHEST,
    INDEX_CLOSE,
    LAST,
    LOOK_BACKS,
    LOW,
    LOWEST,
    MAKERS,
    MARK,
    MARK_CLOSE,
    MARK_HIGH,
    MARK_LOW,
    MINUTE,
    N_BAR,
    N_BARS,
    N_EVENTS,
    N_FREE,
    N_MINUTES,
    OPEN,
    OPEN_INTEREST,
    OPEN_LONG,
    OPEN_SHORT,
    PREMIUM_COUNT,
    PREMIUM_SUM,
    QUOTE_VOLUME,
    RETURN_1D,
    RETURN_1H,
    SPOT,
    TAKER_BUY,
    TIME_MS,
    TRADERS,
    TREND,
    VOLUME,
    Market,
    Settings,
)
from liqbands.sim.kernel.margins import worth
from liqbands.sim.kernel.prices import (
    FUNDING_MS,
    activity_now,
    follow_basis,
    move_fair,
    move_venue,
    push,
    refresh_index,
    turn_minute,
)

FUNDING_CAP = 3e-3
INTEREST = 1e-4
CLAMP = 5e-4


@cold
def open_interest(market: Market, v: int) -> float:
    """Return contracts open: makers stand against the larger side, hedgers on both."""
    row = market.venue[v]
    return max(row[OPEN_LONG], row[OPEN_SHORT]) + row[HEDGED]


@cold
def churn(market: Market, settings: Settings, v: int, chance: Chance) -> None:
    """Add the volume of makers among themselves, which opens nothing."""
    row, bar = market.venue[v], market.bar[v]
    size = settings.churn * open_interest(market, v) * settings.step_ms / DAY
    size *= activity_now(market) * exponential(chance)
    bar[VOLUME] += size
    bar[QUOTE_VOLUME] += size * row[LAST]
    bar[TAKER_BUY] += size * min(max(0.5 + 0.1 * normal(chance), 0.0), 1.0)


@cold
def hedge(market: Market, settings: Settings, v: int, chance: Chance) -> None:
    """Let hedgers follow what traders hold, once a minute; their trades are volume too."""
    row, bar = market.venue[v], market.bar[v]
    wanted = settings.hedged * 0.5 * (row[OPEN_LONG] + row[OPEN_SHORT])
    change = 0.002 * (wanted - row[HEDGED]) + 2e-4 * wanted * normal(chance)
    change = max(change, -row[HEDGED])
    row[HEDGED] += change
    bar[VOLUME] += abs(change)
    bar[QUOTE_VOLUME] += abs(change) * row[LAST]
    bar[TAKER_BUY] += 0.5 * abs(change)


@cold
def settle_funding(market: Market, v: int) -> None:
    """Pay funding between traders and makers, and set the next rate from the mean premium."""
    row = market.venue[v]
    net = row[OPEN_LONG] - row[OPEN_SHORT]
    paid = row[FUNDING] * net * abs(worth(market, v, row[MARK]))
    market.cash[v, TRADERS] -= paid
    market.cash[v, MAKERS] += paid
    premium = row[PREMIUM_SUM] / max(row[PREMIUM_COUNT], 1.0)
    rate = premium + min(max(INTEREST - premium, -CLAMP), CLAMP)
    row[FUNDING] = min(max(rate, -FUNDING_CAP), FUNDING_CAP)
    row[PREMIUM_SUM] = 0.0
    row[PREMIUM_COUNT] = 0.0


@cold
def remember_minute(market: Market, settings: Settings) -> None:
    """Keep the minute's range; renew the trend, and the extremes that stops are set by."""
    n_kept = market.minute.shape[0]
    here = market.counter[N_MINUTES] % n_kept
    for look in range(len(LOOK_BACKS)):
        renew_extreme(market, look, here)
    market.minute[here, LOWEST] = market.bar[0, LOW]
    market.minute[here, HIGHEST] = market.bar[0, HIGH]
    now = math.log(market.bar[0, CLOSE])
    market.minute[here, 2] = now
    common, n_minutes = market.common, market.counter[N_MINUTES]
    hour, day = min(60, n_minutes), min(n_kept - 1, n_minutes)
    common[RETURN_1H] = now - market.minute[(here - hour) % n_kept, 2]
    common[RETURN_1D] = now - market.minute[(here - day) % n_kept, 2]
    usual = settings.daily_volatility
    common[TREND] = 0.6 * math.tanh(common[RETURN_1H] / (usual / math.sqrt(24.0)))
    common[TREND] += 0.4 * math.tanh(common[RETURN_1D] / usual)
    market.counter[N_MINUTES] = n_minutes + 1


@cold
def renew_extreme(market: Market, look: int, here: int) -> None:
    """Take the minute that ends into a look-back, and the one that drops out of it out."""
    lowest, highest = market.extreme[look, LOWEST], market.extreme[look, HIGHEST]
    n_kept, n_minutes, n_back = market.minute.shape[0], market.counter[N_MINUTES], LOOK_BACKS[look]
    gone = market.minute[(here - n_back) % n_kept]
    is_full = n_minutes >= n_back
    if n_minutes == 0 or (is_full and (gone[LOWEST] <= lowest or gone[HIGHEST] >= highest)):
        lowest, highest = math.inf, 0.0
        for back in range(1, min(n_back, n_minutes + 1)):
            row = market.minute[(here - back) % n_kept]
            lowest = min(lowest, row[LOWEST])
            highest = max(highest, row[HIGHEST])
    market.extreme[look, LOWEST] = min(lowest, market.bar[0, LOW])
    market.extreme[look, HIGHEST] = max(highest, market.bar[0, HIGH])


@cold
def start_bar(market: Market, v: int) -> None:
    """Begin a bar at the last prices."""
    row, bar = market.venue[v], market.bar[v]
    bar[:] = 0.0
    bar[OPEN] = bar[HIGH] = bar[LOW] = row[LAST]
    bar[MARK_HIGH] = bar[MARK_LOW] = row[MARK]


@cold
def read_bar(market: Market, v: int) -> None:
    """Bring closing values of the bar up to date."""
    row, bar = market.venue[v], market.bar[v]
    bar[CLOSE] = row[LAST]
    bar[MARK_CLOSE] = row[MARK]
    bar[OPEN_INTEREST] = open_interest(market, v)
    bar[FUNDING_RATE] = row[FUNDING]
    bar[INDEX_CLOSE] = math.exp(market.common[SPOT])


@cold
def finish_minute(market: Market, settings: Settings, chance: Chance) -> None:
    """Write the bars of the minute that ends now, and begin the next."""
    for v in range(market.venue.shape[0]):
        hedge(market, settings, v, chance)
        if market.counter[TIME_MS] % FUNDING_MS == 0:
            settle_funding(market, v)
        read_bar(market, v)
        for column in range(N_BAR):
            market.bars[v, market.counter[N_BARS], column] = market.bar[v, column]
    remember_minute(market, settings)
    market.counter[N_BARS] += 1
    for v in range(market.venue.shape[0]):
        start_bar(market, v)
    turn_minute(market, settings, chance)
    turn_tastes(market, settings)


@cold
def step(market: Market, settings: Settings, chance: Chance) -> None:
    """Advance by one step: prices move, traders come and go, forced orders cascade."""
    market.counter[TIME_MS] += settings.step_ms
    is_new_minute = market.counter[TIME_MS] % MINUTE == 0
    move_fair(market, settings, chance)
    if is_new_minute:
        expire(market, settings, chance)
    for v in range(market.venue.shape[0]):
        move_venue(market, settings, v, chance)
        push(market, settings, v, open_positions(market, settings, v, chance))
        churn(market, settings, v, chance)
    refresh_index(market)
    cascade(market, settings, chance)
    for v in range(market.venue.shape[0]):
        follow_basis(market, settings, v)
        read_bar(market, v)
    if is_new_minute:
        finish_minute(market, settings, chance)


@cold
def has_room(market: Market) -> bool:
    """Return whether the buffers hold whatever the next step can bring.

    At most every position ends in a step, and at most `MOST_ORDERS` a venue begin.
    """
    n_rows = market.free.size
    new = MOST_ORDERS * market.venue.shape[0]
    return (
        market.counter[N_FREE] > new
        and market.counter[N_EVENTS] + n_rows + new < market.event.shape[0]
        and market.counter[N_BARS] < market.bars.shape[1]
    )


@cold
def run(market: Market, settings: Settings, chance: Chance, n_steps: int) -> int:
    """Advance by up to `n_steps`; return how many were made before a buffer was full."""
    for done in range(n_steps):
        if not has_room(market):
            return done
        step(market, settings, chance)
    return n_steps
