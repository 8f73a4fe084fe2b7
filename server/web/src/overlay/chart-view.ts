/** The visible part of a chart's pane, from the chart's own scales. */
import type { BitmapCoordinatesRenderingScope } from 'fancy-canvas';
import type { Logical, SeriesAttachedParameter, Time } from 'lightweight-charts';
import type { Viewport } from './heatmap/viewport';

/** Return where bars and prices lie on a canvas, in device pixels; null while nothing is shown. */
export function chartView(
  { chart, series }: SeriesAttachedParameter<Time>,
  scope: BitmapCoordinatesRenderingScope,
): Viewport | null {
  const scale = chart.timeScale();
  const first = scale.logicalToCoordinate(0 as Logical);
  const second = scale.logicalToCoordinate(1 as Logical);
  if (first === null || second === null || series.priceToCoordinate(1) === null) return null;
  const { horizontalPixelRatio, verticalPixelRatio, bitmapSize } = scope;
  const spacing = (second - first) * horizontalPixelRatio;
  const left = first * horizontalPixelRatio - spacing / 2;
  return {
    width: bitmapSize.width,
    height: bitmapSize.height,
    edge: (index) => left + index * spacing,
    indexAt: (x) => (x - left) / spacing,
    y: (price) => (series.priceToCoordinate(price) ?? Number.NaN) * verticalPixelRatio,
  };
}
