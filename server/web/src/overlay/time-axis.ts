/** Where times lie among the bars of a chart.  A column is matched to bars by time, never by index. */
import type {
  IChartApiBase,
  IHorzScaleBehavior,
  ITimeScaleApi,
  Logical,
  Time,
  UTCTimestamp,
} from 'lightweight-charts';

/** Answers at which bar a time lies. */
export interface TimeAxis {
  /** Return the index of the first bar that opens at or after a time; `count()` after all of them. */
  indexOf(timeMs: number): number;
  /** Return how many bars the chart has. */
  count(): number;
  /** Return the open time of the bar at an index, the nearest one outside; null without bars. */
  timeAt(index: number): number | null;
}

/** The time axis of a chart. */
export class ChartTimeAxis implements TimeAxis {
  readonly #scale: ITimeScaleApi<Time>;

  constructor(
    chart: IChartApiBase<Time>,
    private readonly behavior: IHorzScaleBehavior<Time>,
  ) {
    this.#scale = chart.timeScale();
  }

  indexOf(timeMs: number): number {
    const time = (timeMs / 1000) as UTCTimestamp;
    const index = this.#scale.timeToIndex(time, true);
    if (index === null) return 0;
    const last = this.count() - 1;
    // The nearest bar of a time after all bars is the last one, which opens before it.
    const isAfterAll = index === last && (this.timeAt(last) ?? timeMs) < timeMs;
    return isAfterAll ? last + 1 : index;
  }

  count(): number {
    const last = this.#scale.timeToIndex(LAST_TIME, true);
    return last === null ? 0 : last + 1;
  }

  timeAt(index: number): number | null {
    const inside = Math.min(Math.max(Math.round(index), 0), this.count() - 1);
    const x = this.#scale.logicalToCoordinate(inside as Logical);
    const time = x === null ? null : this.#scale.coordinateToTime(x);
    return time === null ? null : Number(this.behavior.key(time)) * 1000;
  }
}

/** Later than any bar: the year 2100. */
const LAST_TIME = 4_102_444_800 as UTCTimestamp;
