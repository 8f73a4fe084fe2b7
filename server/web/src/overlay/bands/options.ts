/** How bands are drawn. */
import type { Background } from '../palette';

/** Options of a bands primitive. */
export interface BandsPrimitiveOptions {
  visible: boolean;
  background: Background;
  /** At most so many bands, strongest first. */
  limit: number;
  /** A line at the densest price, a zone from edge to edge, or neither. */
  shape: 'line' | 'zone' | 'none';
  labels: boolean;
  /** What labels say beyond notional and distance; `auto` drops it where the chart is narrow. */
  detail: 'auto' | 'full' | 'short';
  /** Lines at the nearest and the strongest cluster of each side. */
  magnets: boolean;
  /** Room kept free between the labels and the right edge, CSS pixels. */
  rightMargin: number;
}

/** What holds where nothing else is said. */
export const BANDS_OPTIONS: BandsPrimitiveOptions = {
  visible: true,
  background: 'dark',
  limit: 8,
  shape: 'line',
  labels: true,
  detail: 'auto',
  magnets: true,
  rightMargin: 8,
};
