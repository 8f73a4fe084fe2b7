import { expect, test } from 'vitest';
import { aggregateOf, findListings, pickListing, switchVenue, venuesShown } from './listings';
import { listing } from './testing/samples';

const BYBIT = listing('BYBIT:BTCUSDT.P');
const BINANCE = listing('BINANCE:BTCUSDT.P');
const OKX = listing('OKX:BTCUSDT.P');
const SINGLES = [BYBIT, BINANCE, OKX];
const ALL = listing('ALL:BTCUSD.P', {
  aggregate: true,
  description: 'BTC over all venues',
  venues: SINGLES.flatMap((one) => one.venues),
});
const LISTINGS = [...SINGLES, ALL, listing('OTC:EURUSD', { kind: 'forex' })];

test('a search finds every word anywhere', () => {
  expect(findListings(LISTINGS, 'btc BYB')).toEqual([BYBIT]);
  expect(findListings(LISTINGS, 'forex')).toHaveLength(1);
  expect(findListings(LISTINGS, ' ')).toEqual(LISTINGS);
  expect(findListings(LISTINGS, 'moon')).toEqual([]);
});

test('without a name the first listing is shown, and an unknown name is no listing', () => {
  expect(pickListing(LISTINGS, '')).toBe(BYBIT);
  expect(pickListing(LISTINGS, 'OKX:BTCUSDT.P')).toBe(OKX);
  expect(pickListing(LISTINGS, 'MOON:X')).toBeNull();
  expect(pickListing([], '')).toBeNull();
});

test('a listing knows the aggregate that holds it', () => {
  expect(aggregateOf(LISTINGS, BYBIT)).toBe(ALL);
  expect(aggregateOf(LISTINGS, ALL)).toBe(ALL);
  expect(aggregateOf(LISTINGS, LISTINGS[4] ?? ALL)).toBeNull();
});

test('switching venues goes between one, some and all', () => {
  const all = venuesShown(ALL, []);
  expect(switchVenue(ALL, all, 'okx')).toEqual({
    symbol: ALL.symbol,
    venues: ['bybit', 'binance'],
  });
  expect(switchVenue(ALL, ['bybit', 'binance'], 'okx')).toEqual({ symbol: ALL.symbol, venues: [] });
  expect(switchVenue(ALL, ['bybit', 'binance'], 'binance')).toEqual({
    symbol: BYBIT.symbol,
    venues: [],
  });
});

test('the last venue stays on', () => {
  expect(switchVenue(ALL, venuesShown(BYBIT, []), 'bybit').symbol).toBe(BYBIT.symbol);
});
