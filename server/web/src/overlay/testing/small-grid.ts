/** Small heatmaps and charts for tests. */
import type { About, HeatmapColumn, HeatmapGrid } from '../../client';
import type { Viewport } from '../heatmap/viewport';
import type { TimeAxis } from '../time-axis';

const ABOUT: About = {
  asOfMs: 0,
  venues: [],
  simulated: true,
  stale: false,
  unit: 'quote',
  quantity: 'standing',
  observedShare: 1,
  seedShare: 0,
  parameters: '',
  inputHash: '',
  quote: 'USDT',
  venueShares: {},
  leftOut: [],
};

/** Return a heatmap of minutes with equal cells; rows are 1 % high and begin at 100. */
export function smallGrid(
  openTimeMs: readonly number[],
  rows = 4,
  { q = 51, ...rest }: Partial<HeatmapGrid> & { q?: number } = {},
): HeatmapGrid {
  const columns = openTimeMs.length;
  return {
    symbol: 'S:X.P',
    timeframe: '1m',
    timeframeMs: 60_000,
    norm: 10,
    max: 1024,
    unit: 'quote',
    columns,
    rows,
    p0: 100,
    dp: 0.01,
    openTimeMs: Float64Array.from(openTimeMs),
    cells: new Uint8Array(columns * rows).fill(q),
    splitRow: new Int32Array(columns).fill(1),
    splitLong: new Uint8Array(columns).fill(0),
    mark: new Float32Array(columns).fill(100),
    seedShare: new Uint8Array(columns),
    lastIsForming: false,
    about: ABOUT,
    ...rest,
  };
}

/** Return a column on the rows of `smallGrid`. */
export function smallColumn(openTimeMs: number, rest: Partial<HeatmapColumn> = {}): HeatmapColumn {
  return {
    openTimeMs,
    closed: true,
    live: false,
    norm: 10,
    max: 1024,
    unit: 'quote',
    rows: 4,
    p0: 100,
    dp: 0.01,
    splitRow: 1,
    splitLong: null,
    cells: Uint8Array.of(1, 2, 3, 4),
    asOfMs: 0,
    stale: false,
    simulated: true,
    ...rest,
  };
}

/** Return minutes from 0 on. */
export function minutes(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, i) => (first + i) * 60_000);
}

/** The axis of a chart with bars at some times. */
export function axisOf(barTimesMs: readonly number[]): TimeAxis {
  return {
    indexOf: (timeMs) => barTimesMs.filter((bar) => bar < timeMs).length,
    count: () => barTimesMs.length,
    timeAt: (index) => barTimesMs[Math.min(Math.max(index, 0), barTimesMs.length - 1)] ?? null,
  };
}

/** How prices lie on a scale: as they are, by their logarithm, or by their root, which is neither. */
const SCALES = { linear: (price: number) => price, logarithmic: Math.log, other: Math.sqrt };

/** A viewport, and what it shows. */
export interface SmallView {
  width?: number;
  height?: number;
  /** First bar that is seen, and how wide bars are. */
  firstBar?: number;
  barWidth?: number;
  low?: number;
  high?: number;
  scale?: keyof typeof SCALES;
  isInverted?: boolean;
}

/** Return a viewport. */
export function viewOf({
  width = 400,
  height = 400,
  firstBar = 0,
  barWidth = 10,
  low = 100,
  high = 150,
  scale = 'logarithmic',
  isInverted = false,
}: SmallView = {}): Viewport {
  const place = SCALES[scale];
  const share = (price: number) => (place(price) - place(low)) / (place(high) - place(low));
  return {
    width,
    height,
    edge: (index) => (index - firstBar) * barWidth,
    indexAt: (x) => firstBar + x / barWidth,
    y: (price) => height * (isInverted ? share(price) : 1 - share(price)),
  };
}
