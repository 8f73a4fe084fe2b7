/** The documented rules for bars, their answers and marks. */
import type { ChartBar, HistoryMetadata, PeriodParams } from '../datafeed-api';
import { check, checkKeys } from './documented';

const EARLIEST_MS = 100_000_000_000;
const MOST_MARKS_PER_BAR = 10;
const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** Throw unless a bar is one of a resolution. */
export function checkBar(bar: ChartBar, resolution: string): void {
  checkKeys('a bar', bar, ['time', 'open', 'high', 'low', 'close'], ['volume']);
  check(Object.values(bar).every(Number.isFinite), 'a bar must have numbers only');
  check(Number.isInteger(bar.time) && bar.time > EARLIEST_MS, 'time must be in milliseconds');
  check(bar.time % stepOf(resolution) === 0, `time must match a bar of ${resolution}`);
  const { open, high, low, close } = bar;
  check(
    low <= Math.min(open, close) && Math.max(open, close) <= high,
    'low <= open, close <= high',
  );
}

/** Throw unless an answer to `getBars` is what a chart may be given. */
export function checkAnswer(
  bars: readonly ChartBar[],
  meta: HistoryMetadata,
  period: PeriodParams,
  resolution: string,
): void {
  checkKeys('the metadata', meta, [], ['noData', 'nextTime']);
  for (const bar of bars) checkBar(bar, resolution);
  for (const [i, bar] of bars.entries()) {
    check(i === 0 || bar.time > (bars[i - 1]?.time ?? 0), 'times must be ascending and unique');
    check(bar.time < period.to * 1000, 'no bar may open at or after `to`');
  }
  check((bars.length === 0) === (meta.noData ?? false), 'noData must say whether there are bars');
  if (meta.nextTime !== undefined) {
    check(meta.nextTime > EARLIEST_MS, 'nextTime must be in milliseconds');
    check(meta.nextTime < period.from * 1000, 'nextTime must lie before `from`');
  }
}

/** What marks on bars and on the axis have in common. */
interface AnyMark {
  readonly id: string | number;
  readonly time: number;
  readonly label: string;
}

/** Throw unless marks stand at bars, and not too many at one. */
export function checkMarks(marks: readonly AnyMark[], barTimes: ReadonlySet<number>): void {
  const perBar = new Map<number, number>();
  for (const mark of marks) {
    check(barTimes.has(mark.time * 1000), `a mark's time must be that of a bar, was ${mark.time}`);
    check(mark.label.length === 1, 'a label must be one character');
    const count = (perBar.get(mark.time) ?? 0) + 1;
    check(count <= MOST_MARKS_PER_BAR, 'a bar must have at most ten marks');
    perBar.set(mark.time, count);
  }
  check(new Set(marks.map(({ id }) => id)).size === marks.length, 'ids of marks must be unique');
}

/** Return a number of milliseconds that all bars of a resolution are multiples of. */
export function stepOf(resolution: string): number {
  return /^\d+$/.test(resolution) ? Number(resolution) * MINUTE_MS : DAY_MS;
}
