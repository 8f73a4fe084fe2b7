import { expect, test } from 'vitest';
import { mapAnswer } from '../testing/samples';
import { barAt, highestCurve, mapBars, tallest } from './bars';

const ALL = { side: 'both', leverage: '' } as const;

test('a bar adds up its layers', () => {
  const bars = mapBars(mapAnswer(), ALL);
  expect(bars.map((bar) => [bar.long, bar.short])).toEqual([
    [6, 0],
    [4, 0],
    [0, 40],
    [0, 60],
  ]);
  expect(tallest(bars)).toBe(60);
});

test('curves add up from the price outwards, as the server’s do', () => {
  const bars = mapBars(mapAnswer(), ALL);
  expect(bars.map((bar) => bar.longCumulative)).toEqual(mapAnswer().longCumulative);
  expect(bars.map((bar) => bar.shortCumulative)).toEqual(mapAnswer().shortCumulative);
  expect(highestCurve(bars)).toBe(100);
});

test('filters take positions away, also from the curves', () => {
  const shorts = mapBars(mapAnswer(), { side: 'short', leverage: '1-5x' });
  expect(shorts.map((bar) => bar.layers)).toEqual([
    [0, 0],
    [0, 0],
    [10, 0],
    [20, 0],
  ]);
  expect(shorts.at(-1)?.shortCumulative).toBe(30);
  expect(shorts[0]?.longCumulative).toBe(0);
});

test('a price lies in the bar that begins with it', () => {
  const bars = mapBars(mapAnswer(), ALL);
  expect(barAt(bars, 99)?.low).toBe(99);
  expect(barAt(bars, 102)).toBeNull();
});
