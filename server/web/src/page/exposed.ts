/** What tests of the page may look at. */
import type { IChartApi, ISeriesApi } from 'lightweight-charts';
import type { HeatmapPrimitive } from '../overlay';
import type { ChartView } from './chart/view';
import { atRest } from './pending';

/** The chart's own objects. */
export interface Exposed {
  chart: IChartApi;
  series: ISeriesApi<'Candlestick'>;
  heatmap: HeatmapPrimitive;
  /** Resolved when the first picture of the view stands. */
  ready: Promise<void>;
  /** Resolves when nothing more is on its way. */
  atRest(): Promise<void>;
}

declare global {
  interface Window {
    /** Set as soon as the page is wired. */
    liqbands?: Exposed;
  }
}

/** Show the chart's objects to tests. */
export function exposeForTests(view: ChartView, ready: Promise<void>): void {
  const { chart, series } = view.board;
  window.liqbands = { chart, series, heatmap: view.heat.heatmap, ready, atRest };
}
