/**
 * Which prices are asked for: more than can be seen, in steps that many clients share, and on rows
 * that stay the same while the chart is moved.
 */

/** A range of prices. */
export interface PriceRange {
  low: number;
  high: number;
}

/** What is asked for beyond the visible prices, on each side, as a share of their (log) height. */
const BEYOND = 0.75;
/** A frame so much higher than what can be seen shows too few rows of it. */
const TOO_HIGH = 10;
/** Heights below this share of the price are treated as if they were so high. */
const LOWEST_SPAN = 0.004;
const HIGHEST_SPAN = Math.log(20);
/** The server's own bound. */
const MOST_ROWS = 1_000;

/** Return the frame for what can be seen, its edges on steps of a power of two. */
export function frameAround(seen: PriceRange): PriceRange {
  const middle = Math.log(seen.low * seen.high) / 2;
  const span = Math.min(Math.max(spanOf(seen), LOWEST_SPAN), HIGHEST_SPAN);
  const step = 2 ** Math.floor(Math.log2(span / 4));
  const half = span * (0.5 + BEYOND);
  return {
    low: Math.exp(Math.floor((middle - half) / step) * step),
    high: Math.exp(Math.ceil((middle + half) / step) * step),
  };
}

/** Return whether a frame shows all that can be seen, with enough rows. */
export function frameFits(frame: PriceRange, seen: PriceRange): boolean {
  const span = Math.max(spanOf(seen), LOWEST_SPAN);
  if (span >= HIGHEST_SPAN) return spanOf(frame) >= HIGHEST_SPAN;
  return contains(frame, seen) && spanOf(frame) <= TOO_HIGH * span;
}

/** Return whether one range lies within another. */
export function contains(outer: PriceRange, inner: PriceRange): boolean {
  return outer.low <= inner.low && inner.high <= outer.high;
}

/** Return the height of a range, natural logarithm. */
export function spanOf({ low, high }: PriceRange): number {
  return Math.log(high / low);
}

/** What a question says about rows. */
export interface RowsAsked extends PriceRange {
  rows: number;
}

/**
 * Return how to ask for the whole rows, each `dp` high and counted from the price 1, that cover a
 * frame; null where they would be too many.
 *
 * The prices lie just within the outermost rows, so that rounding adds none.
 */
export function rowsOver(frame: PriceRange, dp: number): RowsAsked | null {
  const first = Math.floor(Math.log(frame.low) / dp);
  const end = Math.ceil(Math.log(frame.high) / dp);
  if (end - first > MOST_ROWS) return null;
  const inset = 1e-3;
  return {
    low: Math.exp((first + inset) * dp),
    high: Math.exp((end - inset) * dp),
    rows: end - first,
  };
}
