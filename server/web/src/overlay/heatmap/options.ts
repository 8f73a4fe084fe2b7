/** How a heatmap is drawn. */
import type { Background, IntensityRange, PaletteName } from '../palette';

/** Options of a heatmap primitive. */
export interface HeatmapPrimitiveOptions {
  palette: PaletteName;
  /** What the chart's background is. */
  background: Background;
  /** Notional of the coldest and the hottest colour; null follows the newest tile, rarely. */
  range: IntensityRange | null;
  /** Of the hottest colour, 0 to 1. */
  opacity: number;
  visible: boolean;
  /** Up to where the last column is repeated, while it is current. */
  extendTo: 'none' | 'lastBar' | 'rightEdge';
}

/** What holds where nothing else is said. */
export const HEATMAP_OPTIONS: HeatmapPrimitiveOptions = {
  palette: 'classic',
  background: 'dark',
  range: null,
  opacity: 1,
  visible: true,
  extendTo: 'lastBar',
};
