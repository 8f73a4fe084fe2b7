/** Lengths of bars: TradingView's names on one side, ours on the other. */

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 1_440;

/** A Monday. */
const FIRST_WEEK_MS = 4 * DAY_MS;

/** A bar's length under its name in the HTTP API. */
export interface Timeframe {
  /** Such as `1h`. */
  readonly name: string;
  /** Of a usual month for months. */
  readonly lengthMs: number;
  /** Return where the bar opens that a time lies in, in a market that never closes. */
  readonly openOf: (timeMs: number) => number;
}

const CALENDAR: Readonly<Record<string, Timeframe>> = {
  D: { name: '1d', lengthMs: DAY_MS, openOf: steps(DAY_MS) },
  W: { name: '1w', lengthMs: 7 * DAY_MS, openOf: steps(7 * DAY_MS, FIRST_WEEK_MS) },
  M: { name: '1M', lengthMs: 30 * DAY_MS, openOf: monthOf },
};

/**
 * Return the timeframe that a chart's resolution means; undefined for seconds, ticks and other
 * lengths that no timeframe has.
 *
 * @param resolution - Such as `60`, `D` or `1D`.
 * @example timeframeOf('240')?.name === '4h'
 */
export function timeframeOf(resolution: string): Timeframe | undefined {
  const calendar = /^1?([DWM])$/.exec(resolution)?.[1];
  if (calendar !== undefined) return CALENDAR[calendar];
  return /^0*[1-9]\d{0,3}$/.test(resolution) ? ofMinutes(Number(resolution)) : undefined;
}

function ofMinutes(minutes: number): Timeframe | undefined {
  if (minutes === DAY_MINUTES) return CALENDAR['D'];
  const hours = minutes / HOUR_MINUTES;
  const name = Number.isInteger(hours) ? `${hours}h` : `${minutes}m`;
  const lengthMs = minutes * MINUTE_MS;
  return { name, lengthMs, openOf: steps(lengthMs) };
}

function steps(lengthMs: number, firstMs = 0): (timeMs: number) => number {
  return (timeMs) => Math.floor((timeMs - firstMs) / lengthMs) * lengthMs + firstMs;
}

function monthOf(timeMs: number): number {
  const date = new Date(timeMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}
