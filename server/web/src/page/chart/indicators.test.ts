import { expect, test } from 'vitest';
import { bar } from '../testing/samples';
import { availablePanes, cumulativeDelta, panePoints, takerDelta } from './indicators';

const COLOURS = { rising: 'up', falling: 'down' };

test('taker delta is what was bought less what was sold', () => {
  expect(takerDelta(bar(0, { volume: 10, takerBuyVolume: 7 }))).toBe(4);
  expect(takerDelta(bar(0, { volume: 10, takerBuyVolume: null }))).toBeNull();
  expect(takerDelta(bar(0, { volume: null, takerBuyVolume: 1 }))).toBeNull();
});

test('the running sum goes on over bars without data', () => {
  const bars = [7, null, 2].map((takerBuyVolume, i) => bar(i, { volume: 10, takerBuyVolume }));
  expect(cumulativeDelta(bars)).toEqual([4, null, -2]);
});

test('only panes with data are offered', () => {
  expect(availablePanes([bar(0)])).toEqual(['volume']);
  const all = { takerBuyVolume: 1, openInterest: 1, fundingRate: 0 };
  expect(availablePanes([bar(0), bar(1, all)])).toHaveLength(4);
  expect(availablePanes([bar(0, { volume: null })])).toEqual([]);
});

test('volume is coloured by takers, and by the candle where they are unknown', () => {
  const colourOf = (changes: object): unknown =>
    panePoints('volume', [bar(0, changes)], COLOURS)[0];
  expect(colourOf({ takerBuyVolume: 1 })).toMatchObject({ color: 'down', value: 10 });
  expect(colourOf({ close: 101 })).toMatchObject({ color: 'up' });
});

test('a bar without data leaves its place free', () => {
  expect(panePoints('openInterest', [bar(0)], COLOURS)[0]).not.toHaveProperty('value');
});
