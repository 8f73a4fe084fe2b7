import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeHeatmap, notionalOf, rowAt, rowPrice } from './grid';
import { binaryHeatmap } from './testing/binary-heatmap';

// Two bins of 0.01 to a row, from bin 460: rows begin at exp(4.60), exp(4.62), exp(4.64).
const WRITTEN = {
  step: 0.01,
  firstBin: 460,
  binsPerRow: 2,
  openTimeMs: [120_000, 180_000, 300_000],
  cells: [
    [0, 51, 255],
    [10, 50, 0],
    [9, 50, 1],
  ],
  norm: 10,
  flags: 4 | 8,
  splitRow: 1,
  splitLong: 51,
  asOfMs: 1_795_267_080_000,
};

describe('a heatmap in bytes', () => {
  const grid = decodeHeatmap(binaryHeatmap(WRITTEN));

  test('columns are sums of their steps, modulo 256', () => {
    // 255 + (0 - 255 mod 256 = 1) = 256 = 0 modulo 256, and so on.
    expect([...grid.cells]).toEqual([0, 51, 255, 10, 50, 0, 9, 50, 1]);
  });

  test('times are sums of their steps', () => {
    expect([...grid.openTimeMs]).toEqual([120_000, 180_000, 300_000]);
  });

  test('rows begin at whole bins', () => {
    expect(grid.p0).toBeCloseTo(Math.exp(4.6), 9);
    expect(grid.dp).toBeCloseTo(0.02, 12);
  });

  test('the scale ends at a power of two', () => {
    expect([grid.norm, grid.max]).toEqual([10, 1024]);
  });

  test('flags tell what is still forming and in which unit', () => {
    expect([grid.lastIsForming, grid.unit]).toEqual([true, 'quote']);
    expect(decodeHeatmap(binaryHeatmap({ ...WRITTEN, flags: 1 })).unit).toBe('relative');
  });

  test('what it rests on comes along', () => {
    expect(grid.about).toMatchObject({
      asOfMs: 1_795_267_080_000,
      simulated: true,
      observedShare: 1,
      quote: 'USDT',
      venues: [{ venue: 'simulated', ticker: 'S:X.P', ageMs: 5 }],
    });
  });

  test('anything else is refused', () => {
    expect(() => decodeHeatmap(new TextEncoder().encode('<html>'.repeat(20)).buffer)).toThrow(
      'must begin with LQHM',
    );
  });

  test('another version is refused', () => {
    const body = binaryHeatmap(WRITTEN);
    new DataView(body).setUint16(4, 2, true);
    expect(() => decodeHeatmap(body)).toThrow('must be 1, was 2');
  });
});

describe('bytes and notional', () => {
  test('a fifth of the root is a twenty-fifth of the maximum', () => {
    // (51 / 255)^2 = 0.2^2 = 0.04
    expect(notionalOf(51, 1024)).toBeCloseTo(40.96, 9);
    expect([notionalOf(0, 1024), notionalOf(255, 1024)]).toEqual([0, 1024]);
  });

  test('a notional comes back no larger, and short by less than the documented bound', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1024, noNaN: true }), (notional) => {
        const q = Math.min(255, Math.floor(255 * Math.sqrt(notional / 1024)));
        const lost = notional - notionalOf(q, 1024);
        expect(lost).toBeGreaterThanOrEqual(-1e-9);
        expect(lost).toBeLessThanOrEqual((1024 * (2 * q + 1)) / 65025 + 1e-9);
      }),
    );
  });
});

describe('prices and rows', () => {
  const rows = { p0: 100, dp: 0.0005, rows: 400 };

  test('the lower edge of every row belongs to it, the upper edge to the next', () => {
    for (let row = 0; row < rows.rows; row++) expect(rowAt(rows, rowPrice(rows, row))).toBe(row);
    expect(rowAt(rows, rowPrice(rows, rows.rows))).toBeNull();
  });

  test('below the first row there is none', () => {
    expect(rowAt(rows, 99.9999)).toBeNull();
  });

  test('a price lies between the edges of its row', () => {
    fc.assert(
      fc.property(fc.double({ min: 100, max: 122, noNaN: true }), (price) => {
        const row = rowAt(rows, price);
        if (row === null) return price >= rowPrice(rows, 400);
        return rowPrice(rows, row) <= price * (1 + 1e-12) && price < rowPrice(rows, row + 1);
      }),
    );
  });
});
