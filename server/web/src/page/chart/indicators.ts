/** What the panes below the candles draw: figures of bars, in the chart's own form. */
import type { HistogramData, LineData, UTCTimestamp } from 'lightweight-charts';
import type { Bar } from '../../client';
import type { Layer } from '../view-state';
import { secondsOf } from './candles';

/** Colours of the panes. */
export interface PaneColours {
  rising: string;
  falling: string;
}

/** One value of a series; without a value the place stays free. */
export type Point = HistogramData<UTCTimestamp> | LineData<UTCTimestamp> | { time: UTCTimestamp };

/** Layers that have a pane of their own, top to bottom. */
export const PANE_LAYERS = ['volume', 'delta', 'openInterest', 'funding'] as const;
/** One of them. */
export type PaneLayer = (typeof PANE_LAYERS)[number];

/** Return the taker delta of a bar, contracts: bought less sold; null where it is unknown. */
export function takerDelta(bar: Bar): number | null {
  const { takerBuyVolume, volume } = bar;
  if (takerBuyVolume === null || takerBuyVolume === undefined || volume === null) return null;
  return 2 * takerBuyVolume - volume;
}

/** Return the running sum of the taker delta; null where a bar has none. */
export function cumulativeDelta(bars: readonly Bar[]): (number | null)[] {
  let sum = 0;
  return bars.map((bar) => {
    const delta = takerDelta(bar);
    sum += delta ?? 0;
    return delta === null ? null : sum;
  });
}

/** Return the layers for which some bar has data. */
export function availablePanes(bars: readonly Bar[]): Layer[] {
  const has: Record<PaneLayer, (bar: Bar) => boolean> = {
    volume: (bar) => bar.volume !== null,
    delta: (bar) => takerDelta(bar) !== null,
    openInterest: (bar) => typeof bar.openInterest === 'number',
    funding: (bar) => typeof bar.fundingRate === 'number',
  };
  return PANE_LAYERS.filter((layer) => bars.some(has[layer]));
}

/** Return the value of a pane's line or columns at each bar; null where it is unknown. */
export function paneValues(layer: PaneLayer, bars: readonly Bar[]): (number | null)[] {
  if (layer === 'delta') return cumulativeDelta(bars);
  if (layer === 'volume') return bars.map((bar) => bar.volume);
  if (layer === 'openInterest') return bars.map((bar) => bar.openInterest ?? null);
  return bars.map((bar) => bar.fundingRate ?? null);
}

/** Return the points of a pane; volume and funding are coloured by their direction. */
export function panePoints(layer: PaneLayer, bars: readonly Bar[], colours: PaneColours): Point[] {
  const values = paneValues(layer, bars);
  return bars.map((bar, index) => {
    const time = secondsOf(bar.openTimeMs);
    const value = values[index] ?? null;
    if (value === null) return { time };
    return { time, value, ...directionColour(layer, bar, colours) };
  });
}

function directionColour(layer: PaneLayer, bar: Bar, colours: PaneColours): { color?: string } {
  if (layer === 'funding') {
    return { color: (bar.fundingRate ?? 0) < 0 ? colours.falling : colours.rising };
  }
  if (layer !== 'volume') return {};
  // Who was in a hurry says more than where the bar closed, where it is known.
  const direction = takerDelta(bar) ?? bar.close - bar.open;
  return { color: direction < 0 ? colours.falling : colours.rising };
}
