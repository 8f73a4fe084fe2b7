/** Answers of `/udf/history` as bars; times of bars are UTC milliseconds. */
import type { ChartBar, HistoryMetadata } from './datafeed-api';

/** Times below are seconds: milliseconds have been greater since March 1973. */
const LATEST_SECONDS = 100_000_000_000;

/** What `/udf/history` answers. */
export interface HistoryAnswer {
  readonly s: 'ok' | 'no_data';
  /** Opens, seconds. */
  readonly t?: readonly number[];
  readonly o?: readonly number[];
  readonly h?: readonly number[];
  readonly l?: readonly number[];
  readonly c?: readonly number[];
  /** Left out where nothing is known about volume. */
  readonly v?: readonly number[];
  /** With `no_data`: open of the newest bar before; the server's setting says in which unit. */
  readonly nextTime?: number;
}

/** Return the bars of an answer, oldest first. */
export function barsOf(answer: HistoryAnswer): ChartBar[] {
  const { t = [], o = [], h = [], l = [], c = [], v } = answer;
  return t.map((seconds, i) => {
    const bar: ChartBar = {
      time: seconds * 1000,
      open: at(o, i),
      high: at(h, i),
      low: at(l, i),
      close: at(c, i),
    };
    if (v) bar.volume = at(v, i);
    return bar;
  });
}

/** Return what is to be said beside the bars of an answer. */
export function metadataOf(answer: HistoryAnswer): HistoryMetadata {
  if (answer.s !== 'no_data') return {};
  const { nextTime } = answer;
  if (nextTime === undefined) return { noData: true };
  return { noData: true, nextTime: nextTime < LATEST_SECONDS ? nextTime * 1000 : nextTime };
}

function at(values: readonly number[], i: number): number {
  const value = values[i];
  if (value === undefined) throw new RangeError('columns of /udf/history must have equal lengths');
  return value;
}
