import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heatColor, heatOf, lookUpTable, PALETTE_NAMES, paletteGradient } from './palette';

const BACKGROUNDS = ['dark', 'light'] as const;
const STYLE = {
  palette: 'classic',
  background: 'dark',
  range: { low: 0, high: 1024 },
  opacity: 1,
} as const;

/** Red, green, blue and alpha of a byte. */
function colorOf(table: Uint32Array, q: number): number[] {
  return [...new Uint8Array(table.buffer, 4 * q, 4)];
}

/** How light a colour looks, roughly. */
const lightness = ([red, green, blue]: readonly number[]) =>
  0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);

describe.each(PALETTE_NAMES)('the palette %s', (palette) => {
  test.each(BACKGROUNDS)('draws nothing where nothing stands, on %s', (background) => {
    const table = lookUpTable({ ...STYLE, palette, background }, 1024);
    expect(colorOf(table, 0)).toEqual([0, 0, 0, 0]);
    expect(colorOf(table, 255)[3]).toBe(255);
  });

  test.each(BACKGROUNDS)('never fades again once it is opaque, on %s', (background) => {
    const alphas = Array.from(
      { length: 101 },
      (_, i) => heatColor(palette, background, i / 100)[3],
    );
    expect(alphas).toEqual([...alphas].sort((a, b) => a - b));
  });

  test('stands out at its hottest on both backgrounds', () => {
    expect(lightness(heatColor(palette, 'dark', 1))).toBeGreaterThan(80);
    expect(lightness(heatColor(palette, 'light', 1))).toBeLessThan(80);
  });
});

test.each(['safe', 'monochrome'] as const)('%s is told apart by lightness alone', (palette) => {
  for (const background of BACKGROUNDS) {
    const steps = Array.from({ length: 33 }, (_, i) =>
      lightness(heatColor(palette, background, i / 32)),
    );
    const sorted = [...steps].sort((a, b) => (background === 'dark' ? a - b : b - a));
    expect(steps).toEqual(sorted);
  }
});

test('a byte and its notional have one colour', () => {
  // (51 / 255)^2 * 1024 = 40.96, which is 0.04 of the range.
  const [red, green, blue, alpha] = heatColor('classic', 'dark', 0.04);
  expect(colorOf(lookUpTable(STYLE, 1024), 51)).toEqual([
    red,
    green,
    blue,
    Math.round(255 * alpha),
  ]);
});

test('the scale is absolute: a notional looks the same whatever its byte', () => {
  // 256 is byte 127.5 of 1024 and byte 255 of 256; 127 stands for a little less.
  const [wide, narrow] = [
    colorOf(lookUpTable(STYLE, 1024), 128),
    colorOf(lookUpTable(STYLE, 256), 255),
  ];
  wide.forEach((channel, i) => expect(Math.abs(channel - (narrow[i] ?? 0))).toBeLessThanOrEqual(3));
});

test('what lies below the range is transparent, what lies above it is hottest', () => {
  const table = lookUpTable({ ...STYLE, range: { low: 41, high: 500 } }, 1024);
  expect(colorOf(table, 51)[3]).toBe(0);
  expect(colorOf(table, 200)).toEqual(colorOf(table, 255));
});

test('heat grows with notional from 0 to 1', () => {
  const notional = fc.double({ min: 0, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(notional, notional, notional, notional, (a, b, low, high) => {
      const range = { low, high };
      const [less, more] = [heatOf(Math.min(a, b), range), heatOf(Math.max(a, b), range)];
      return less >= 0 && more <= 1 && less <= more;
    }),
  );
});

test('a legend runs from the coldest to the hottest colour', () => {
  const steps = paletteGradient('classic', 'dark', 5);
  expect([steps.length, steps[0], steps[4]]).toEqual([
    5,
    'rgb(13 11 30 / 0.000)',
    'rgb(242 56 44 / 1.000)',
  ]);
});
