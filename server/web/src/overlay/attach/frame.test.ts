import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains, frameAround, frameFits, rowsOver, spanOf } from './frame';

const seen = fc
  .tuple(
    fc.double({ min: 1e-4, max: 1e5, noNaN: true }),
    fc.double({ min: 0.005, max: 2, noNaN: true }),
  )
  .map(([low, span]) => ({ low, high: low * Math.exp(span) }));

test('a frame shows more than can be seen, on both sides, and not very much more', () => {
  fc.assert(
    fc.property(seen, (range) => {
      const frame = frameAround(range);
      expect(frame.low).toBeLessThan(range.low * Math.exp(-0.7 * spanOf(range)));
      expect(frame.high).toBeGreaterThan(range.high * Math.exp(0.7 * spanOf(range)));
      expect(spanOf(frame)).toBeLessThan(3.1 * spanOf(range));
    }),
  );
});

test('a frame fits what it was made for', () => {
  fc.assert(fc.property(seen, (range) => frameFits(frameAround(range), range)));
});

test('charts that show nearly the same share a frame', () => {
  const frames = [0, 0.001, 0.002].map((more) =>
    frameAround({ low: 100 + more, high: 110 + more }),
  );
  expect(new Set(frames.map(({ low, high }) => `${low} ${high}`)).size).toBe(1);
});

test('a frame no longer fits when the chart leaves it, or is zoomed in far', () => {
  const frame = frameAround({ low: 100, high: 110 });
  expect(frameFits(frame, { low: 80, high: 110 })).toBe(false);
  expect(frameFits(frame, { low: 104, high: 105 })).toBe(false);
});

test('rows cover a frame, and begin at whole rows counted from the price 1', () => {
  fc.assert(
    fc.property(seen, fc.double({ min: 0.002, max: 0.02, noNaN: true }), (range, dp) => {
      const rows = rowsOver(range, dp);
      if (rows === null) return;
      const first = Math.floor(Math.log(rows.low) / dp);
      const end = Math.ceil(Math.log(rows.high) / dp);
      expect(end - first).toBe(rows.rows);
      const edges = { low: Math.exp(first * dp), high: Math.exp(end * dp) };
      const rounding = 1 + 1e-9;
      expect(contains({ low: edges.low / rounding, high: edges.high * rounding }, range)).toBe(
        true,
      );
    }),
  );
});

test('more rows than the server gives are not asked for', () => {
  expect(rowsOver({ low: 100, high: 200 }, 0.0005)).toBeNull();
});
