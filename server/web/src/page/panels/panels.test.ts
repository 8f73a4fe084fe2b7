import { expect, test } from 'vitest';
import { countLevels } from '../pine-dialog';
import { about, band, listing, summary } from '../testing/samples';
import { aboutRows } from './data';
import { switchLayer } from './layers';
import { strongestOf } from './strongest';
import { summaryWords } from './summary';
import { offeredTimeframes } from './time';

test('the summary names the larger of both strongest zones', () => {
  const strongestLong = band({ notional: 2e6, peakPrice: 91 });
  const strongestShort = band({ notional: 5e6, peakPrice: 120, distance: 0.2, side: 'short' });
  const words = summaryWords(summary({ strongestLong, strongestShort }));
  expect(words).toMatchObject({ magnet: '120.000', magnetNote: '$5.00M · +20.0%' });
  expect(words).toMatchObject({ long: '$3.00M', short: '$1.00M', longShare: 0.75 });
  expect(words.bias).toBe('Leans to longs by 50%');
});

test('an empty book has a summary as well', () => {
  const words = summaryWords(summary({ longNotional: 0, shortNotional: 0, bias: null }));
  expect(words).toMatchObject({ magnet: 'None', longShare: 0.5 });
});

test('a layer is switched in place', () => {
  expect(switchLayer(['heat', 'volume'], 'profile')).toEqual(['heat', 'profile', 'volume']);
  expect(switchLayer(['heat', 'volume'], 'heat')).toEqual(['volume']);
});

test('the strongest bands of a side stand by price', () => {
  const bands = [3, 1, 2].map((notional) => band({ notional, peakPrice: 100 - notional }));
  const found = strongestOf([...bands, band({ side: 'short', notional: 9 })], 'long', 2);
  expect(found.map((one) => one.peakPrice)).toEqual([98, 97]);
});

test('favourite timeframes are offered, and the one that is chosen', () => {
  const market = listing('A:B', { timeframes: ['1m', '3m', '5m', '2h'] });
  expect(offeredTimeframes(market, 'auto')).toEqual(['1m', '5m']);
  expect(offeredTimeframes(market, '2h')).toEqual(['1m', '5m', '2h']);
});

test('levels are counted in the text for TradingView', () => {
  expect(countLevels('LH1|s=X,n=2|L,1,2,3,4;S,5,6,7,8|END')).toBe(2);
  expect(countLevels('LH1|s=X,n=0||END')).toBe(0);
});

test('an answer says what it rests on, venue by venue', () => {
  const venue = { venue: 'bybit', ticker: 'A', lastCloseMs: 0, ageMs: 7_200_000, stale: true };
  const rows = aboutRows(about({ venues: [venue], observedShare: 0.5 }));
  expect(rows).toContainEqual(['bybit', '2 h old']);
  expect(rows).toContainEqual(['Observed', '50% of bars have open interest']);
});
