/** Lengths of columns by name, and the tiles that they are asked for in. */
import { TILE_COLUMNS } from '../heatmap/tile';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

const LENGTHS: readonly (readonly [name: string, ms: number])[] = [
  ['1m', MINUTE_MS],
  ['3m', 3 * MINUTE_MS],
  ['5m', 5 * MINUTE_MS],
  ['15m', 15 * MINUTE_MS],
  ['30m', 30 * MINUTE_MS],
  ['1h', 60 * MINUTE_MS],
  ['2h', 120 * MINUTE_MS],
  ['4h', 240 * MINUTE_MS],
  ['6h', 360 * MINUTE_MS],
  ['8h', 480 * MINUTE_MS],
  ['12h', 720 * MINUTE_MS],
  ['1d', DAY_MS],
  ['1w', 7 * DAY_MS],
  ['1M', 30 * DAY_MS],
];

/**
 * Return the length of a timeframe in milliseconds; a month counts as 30 days.
 *
 * @throws RangeError if there is no such timeframe.
 */
export function lengthOf(timeframe: string): number {
  const found = LENGTHS.find(([name]) => name === timeframe);
  if (found !== undefined) return found[1];
  const names = LENGTHS.map(([name]) => name).join(', ');
  throw new RangeError(`timeframe must be one of ${names}, was ${timeframe}`);
}

/** Return the timeframe of bars: the longest that is no longer than they usually lie apart. */
export function timeframeOf(openTimesMs: readonly number[]): string {
  const steps = openTimesMs.slice(1).map((time, i) => time - (openTimesMs[i] ?? 0));
  const usual = steps.sort((a, b) => a - b)[steps.length >> 1] ?? MINUTE_MS;
  // The shortest month has 28 days.
  const found = LENGTHS.findLast(([name, ms]) => (name === '1M' ? 28 * DAY_MS : ms) <= usual);
  return found?.[0] ?? '1m';
}

/** A stretch of time in which as many columns open as a tile has. */
export interface TileTime {
  fromMs: number;
  toMs: number;
}

/** Return the tiles in which some times lie, newest first; they are the same for every client. */
export function tileTimes(fromMs: number, toMs: number, timeframeMs: number): TileTime[] {
  const length = TILE_COLUMNS * timeframeMs;
  const first = Math.floor(fromMs / length);
  const last = Math.floor(toMs / length);
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    fromMs: (last - i) * length,
    toMs: (last - i + 1) * length,
  }));
}
