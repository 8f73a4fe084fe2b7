/** The map's bars: notional per price row in layers by leverage, after the page's filters. */
import type { MapAnswer, Side } from '../../client';

/** One price row. */
export interface MapBar {
  low: number;
  high: number;
  /** Notional by layer, low leverage first; longs and shorts together. */
  layers: number[];
  long: number;
  short: number;
  /** All longs from the price down to this row, and all shorts from the price up to it. */
  longCumulative: number;
  shortCumulative: number;
}

/** Which positions are shown. */
export interface MapFilter {
  side: 'both' | Side;
  /** Name of one layer; empty is all. */
  leverage: string;
}

/** Return the bars of a map, lowest price first. */
export function mapBars(answer: MapAnswer, filter: MapFilter): MapBar[] {
  const rows = answer.edges.length - 1;
  const bars = Array.from({ length: Math.max(0, rows) }, (_, row) => barOf(answer, filter, row));
  addUp(bars);
  return bars;
}

/** Return the bar that a price lies in. */
export function barAt(bars: readonly MapBar[], price: number): MapBar | null {
  return bars.find((bar) => price >= bar.low && price < bar.high) ?? null;
}

/** Return the most that stands in one row. */
export function tallest(bars: readonly MapBar[]): number {
  return bars.reduce((most, bar) => Math.max(most, bar.long + bar.short), 0);
}

/** Return the most that a cumulative curve reaches. */
export function highestCurve(bars: readonly MapBar[]): number {
  const first = bars[0]?.longCumulative ?? 0;
  const last = bars[bars.length - 1]?.shortCumulative ?? 0;
  return Math.max(first, last);
}

function barOf(answer: MapAnswer, filter: MapFilter, row: number): MapBar {
  const shown = (group: string, index: number, layers: number[][]): number =>
    filter.leverage === '' || filter.leverage === group ? (layers[index]?.[row] ?? 0) : 0;
  const of = (layers: number[][], side: Side): number[] =>
    answer.leverageGroups.map((group, index) =>
      filter.side === 'both' || filter.side === side ? shown(group, index, layers) : 0,
    );
  const longs = of(answer.longLayers, 'long');
  const shorts = of(answer.shortLayers, 'short');
  return {
    low: answer.edges[row] ?? 0,
    high: answer.edges[row + 1] ?? 0,
    layers: longs.map((notional, index) => notional + (shorts[index] ?? 0)),
    long: sum(longs),
    short: sum(shorts),
    longCumulative: 0,
    shortCumulative: 0,
  };
}

function addUp(bars: MapBar[]): void {
  let shorts = 0;
  for (const bar of bars) bar.shortCumulative = shorts += bar.short;
  let longs = 0;
  for (const bar of [...bars].reverse()) bar.longCumulative = longs += bar.long;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
