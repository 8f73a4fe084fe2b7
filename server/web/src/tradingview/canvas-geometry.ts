/**
 * Where bars and prices lie on a pane, from the chart's documented functions.  Lengths are CSS
 * pixels where nothing else is said, times UTC milliseconds.
 */
import type { PriceRange } from '../overlay/attach/frame';
import type { Viewport } from '../overlay/heatmap/viewport';
import type { TimeAxis } from '../overlay/time-axis';
import type { ChartWidgetApi, PaneApi, TimeScaleApi } from './chart-api';

const LOGARITHMIC = 1;
const LINEAR = 0;

/** Halvings of a bar's width when its edge is looked for. */
const HALVINGS = 12;

/** The left edge of a bar. */
interface Edge {
  readonly x: number;
  readonly timeMs: number;
}

/** What a pane shows. */
export interface Geometry {
  readonly width: number;
  readonly height: number;
  readonly spacing: number;
  readonly edge: Edge;
  readonly prices: PriceRange;
  readonly isLogarithmic: boolean;
  readonly isInverted: boolean;
}

/** Return what a pane shows; null while it shows nothing, or on a scale that is not known. */
export function geometryOf(chart: ChartWidgetApi, pane: PaneApi): Geometry | null {
  const timeScale = chart.getTimeScale();
  const scale = pane.getMainSourcePriceScale();
  const range = scale?.getVisiblePriceRange();
  const edge = edgeOf(timeScale);
  if (!scale || !range || !edge || !(range.to > range.from)) return null;
  const mode = scale.getMode();
  if (mode !== LINEAR && mode !== LOGARITHMIC) return null;
  return {
    width: timeScale.width(),
    height: pane.getHeight(),
    spacing: timeScale.barSpacing(),
    edge,
    prices: { low: range.from, high: range.to },
    isLogarithmic: mode === LOGARITHMIC,
    isInverted: scale.isInverted(),
  };
}

/** Return the left edge of some bar: where the time under the pointer would change. */
function edgeOf(timeScale: TimeScaleApi): Edge | null {
  const spacing = timeScale.barSpacing();
  for (let x = 0; x + spacing <= timeScale.width(); x += spacing) {
    const [before, after] = [
      timeScale.coordinateToTime(x),
      timeScale.coordinateToTime(x + spacing),
    ];
    if (before === null || after === null || before === after) continue;
    return { x: boundary(timeScale, x, x + spacing, after), timeMs: after * 1000 };
  }
  return null;
}

function boundary(timeScale: TimeScaleApi, from: number, to: number, after: number): number {
  let [low, high] = [from, to];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (timeScale.coordinateToTime(middle) === after) high = middle;
    else low = middle;
  }
  return high;
}

/** The bars of a chart, as far as columns are known: each column is one bar. */
export class ColumnAxis implements TimeAxis {
  #times: number[] = [];
  readonly #timeframeMs: number;

  constructor(timeframeMs: number) {
    this.#timeframeMs = timeframeMs;
  }

  /** Take in more columns. */
  add(timesMs: Iterable<number>): void {
    this.#times = [...new Set([...this.#times, ...timesMs])].sort((a, b) => a - b);
  }

  indexOf(timeMs: number): number {
    const index = this.#times.findIndex((time) => time >= timeMs);
    return index < 0 ? this.#times.length : index;
  }

  count(): number {
    return this.#times.length;
  }

  timeAt(index: number): number | null {
    const inside = Math.min(Math.max(Math.round(index), 0), this.#times.length - 1);
    return this.#times[inside] ?? null;
  }

  /** Return the index of a bar, counted on beyond the first and the last. */
  placeOf(timeMs: number): number {
    const [first, last] = [this.#times[0] ?? timeMs, this.#times.at(-1) ?? timeMs];
    if (timeMs < first) return Math.round((timeMs - first) / this.#timeframeMs);
    const beyond = Math.max(0, Math.round((timeMs - last) / this.#timeframeMs));
    return beyond > 0 ? this.#times.length - 1 + beyond : this.indexOf(timeMs);
  }
}

/** Return where bars and prices lie in device pixels. */
export function viewportOf(geometry: Geometry, axis: ColumnAxis, pixelRatio: number): Viewport {
  const { width, height, spacing, edge, prices, isLogarithmic, isInverted } = geometry;
  const step = spacing * pixelRatio;
  const left = edge.x * pixelRatio - axis.placeOf(edge.timeMs) * step;
  const on = isLogarithmic ? Math.log : (price: number) => price;
  const share = (price: number) =>
    (on(price) - on(prices.low)) / (on(prices.high) - on(prices.low));
  const fromTop = (price: number) => (isInverted ? share(price) : 1 - share(price));
  return {
    width: Math.round(width * pixelRatio),
    height: Math.round(height * pixelRatio),
    edge: (index) => left + index * step,
    indexAt: (x) => (x - left) / step,
    y: (price) => fromTop(price) * height * pixelRatio,
  };
}
