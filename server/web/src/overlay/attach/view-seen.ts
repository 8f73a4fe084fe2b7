/** What can be seen of a chart: times and prices. */
import type { IChartApi, ISeriesApi, SeriesType, Time } from 'lightweight-charts';
import type { TimeAxis } from '../time-axis';
import type { PriceRange } from './frame';

/** Visible times and prices. */
export interface Seen {
  fromMs: number;
  toMs: number;
  prices: PriceRange;
}

/** Return what can be seen; null while the chart has no bars, or no size. */
export function seenOf(
  chart: IChartApi,
  series: ISeriesApi<SeriesType, Time>,
  axis: TimeAxis,
): Seen | null {
  const range = chart.timeScale().getVisibleLogicalRange();
  const prices = pricesOf(series);
  if (range === null || prices === null) return null;
  const fromMs = axis.timeAt(Math.floor(range.from));
  const toMs = axis.timeAt(Math.ceil(range.to));
  return fromMs === null || toMs === null ? null : { fromMs, toMs, prices };
}

function pricesOf(series: ISeriesApi<SeriesType, Time>): PriceRange | null {
  const one = series.coordinateToPrice(0);
  const other = series.coordinateToPrice(series.getPane().getHeight());
  if (one === null || other === null) return null;
  const [low, high] = [Math.min(one, other), Math.max(one, other)];
  // Zoomed out far enough, a linear scale goes below nothing.
  return high > 0 ? { low: Math.max(low, high / 100), high } : null;
}
