/** Which timeframe suits what can be seen.  Lengths of time are milliseconds. */
import { lengthOf } from '../../overlay/attach/timeframes';

/** More than so many times the most bars is too many to tell apart. */
const TOO_MANY = 1.5;
/** Fewer than this share of the most bars wastes the room. */
const TOO_FEW = 0.25;

/**
 * Return the shortest timeframe that needs no more than some bars; the longest where none does.
 *
 * @param timeframes - Shortest first.
 */
export function timeframeFor(timeframes: readonly string[], spanMs: number, most: number): string {
  const fits = timeframes.find((one) => spanMs / lengthOf(one) <= most);
  return fits ?? timeframes[timeframes.length - 1] ?? '1h';
}

/**
 * Return the timeframe after a zoom: the same one unless there are far too many, or too few, bars.
 *
 * @param current - The timeframe that is drawn.
 */
export function resampled(
  timeframes: readonly string[],
  current: string,
  spanMs: number,
  most: number,
): string {
  const bars = spanMs / lengthOf(current);
  const suits = bars <= most * TOO_MANY && bars >= most * TOO_FEW;
  return suits ? current : timeframeFor(timeframes, spanMs, most);
}

/** Return how many bars are told apart on a chart so wide, in CSS pixels. */
export function mostBars(width: number): number {
  return Math.min(500, Math.max(100, Math.round(width / 3)));
}
