/** Answers in small, for unit tests: plausible everywhere, changed where a test is about something. */
import type { About, Band, BandsAnswer, Bar, Listing, MapAnswer, Summary } from '../../client';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** 2026-01-01 00:00 UTC. */
export const START_MS = Date.UTC(2026, 0, 1);

export function about(changes: Partial<About> = {}): About {
  return {
    asOfMs: START_MS,
    venues: [],
    simulated: false,
    stale: false,
    unit: 'quote',
    quantity: 'standing',
    observedShare: 1,
    seedShare: 0,
    parameters: 'default-2',
    inputHash: 'abc',
    quote: 'USDT',
    venueShares: {},
    leftOut: [],
    ...changes,
  };
}

export function bar(index: number, changes: Partial<Bar> = {}): Bar {
  const openTimeMs = START_MS + index * HOUR_MS;
  const prices = { open: 100, high: 110, low: 90, close: 105 };
  return { openTimeMs, ...prices, volume: 10, closed: true, ...changes };
}

export function band(changes: Partial<Band> = {}): Band {
  return {
    side: 'long',
    low: 90,
    high: 91,
    peakPrice: 90.5,
    notional: 1_000_000,
    notionalLow: 400_000,
    notionalHigh: 2_000_000,
    leverageNotional: { '1-5x': 250_000, '5-10x': 750_000 },
    meanAgeMs: 5 * HOUR_MS,
    distance: -0.095,
    distanceAtr: 9,
    strength: 0.9,
    state: 'steady',
    firstSeenMs: START_MS,
    ...changes,
  };
}

const MOMENT = { symbol: 'A:B', timeMs: START_MS, mark: 100, quote: 'USDT' };

export function bandsAnswer(bands: Band[], changes: Partial<About> = {}): BandsAnswer {
  return { ...MOMENT, averageTrueRange: 1, bands, about: about(changes) };
}

export function summary(changes: Partial<Summary> = {}): Summary {
  return {
    ...MOMENT,
    longNotional: 3e6,
    shortNotional: 1e6,
    longShortRatio: 3,
    bias: 0.5,
    nearestLong: null,
    nearestShort: null,
    strongestLong: null,
    strongestShort: null,
    about: about(),
    ...changes,
  };
}

/** Four rows of a price each about 100: longs in the lower two, shorts in the upper two. */
export function mapAnswer(): MapAnswer {
  return {
    ...MOMENT,
    edges: [98, 99, 100, 101, 102],
    leverageGroups: ['1-5x', '5-10x'],
    longLayers: [
      [4, 3, 0, 0],
      [2, 1, 0, 0],
    ],
    shortLayers: [
      [0, 0, 10, 20],
      [0, 0, 30, 40],
    ],
    longCumulative: [10, 4, 0, 0],
    shortCumulative: [0, 0, 40, 100],
    about: about(),
  };
}

export function listing(symbol: string, changes: Partial<Listing> = {}): Listing {
  const [venue = ''] = symbol.toLowerCase().split(':');
  const age = { venue, ticker: symbol, lastCloseMs: START_MS, ageMs: 0, stale: false };
  return {
    symbol,
    description: `${symbol} perpetual`,
    kind: 'perpetual',
    quote: 'USDT',
    aggregate: false,
    simulated: false,
    timeframes: ['1m', '5m', '15m', '1h', '4h', '1d'],
    firstOpenMs: START_MS,
    stale: false,
    venues: [age],
    ...changes,
  };
}
