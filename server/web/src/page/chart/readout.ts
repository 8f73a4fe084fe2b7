/** The line of figures at the chart's upper left, and the names of the panes. */
import type { MouseEventParams, Time } from 'lightweight-charts';
import type { Bar } from '../../client';
import { element, setText } from '../dom';
import { formatChange, formatCompact, formatPrice, formatRate } from '../format';
import type { Page } from '../page';
import { type PaneLayer, paneValues, takerDelta } from './indicators';
import type { ChartView } from './view';

const FIGURES = ['open', 'high', 'low', 'close'] as const;
const LETTERS = { open: 'O', high: 'H', low: 'L', close: 'C' } as const;

/** Put the line on the chart; it follows the crosshair, and the newest bar without one. */
export function buildReadout(page: Page, view: ChartView, place: HTMLElement): void {
  const line = element('div', { class: 'readout', 'aria-hidden': 'true' });
  const names = element('div', { class: 'pane-names', 'aria-hidden': 'true' });
  place.append(line, names);
  let pointed: Bar | null = null;
  const show = (): void => {
    const bar = pointed ?? view.feed.bars.last ?? null;
    if (bar !== null) showBar(page, line, bar);
    showPanes(view, names, bar);
  };
  view.board.chart.subscribeCrosshairMove((event) => {
    pointed = barOf(view, event);
    show();
  });
  page.facts.watch(['bar', 'available', 'timeframe'], show);
  page.view.watch(['layers'], () => requestAnimationFrame(show));
  new ResizeObserver(() => requestAnimationFrame(show)).observe(place);
}

function barOf(view: ChartView, event: MouseEventParams<Time>): Bar | null {
  if (event.time === undefined) return null;
  const { bars } = view.feed;
  return bars.all[bars.indexAt(Number(event.time) * 1000)] ?? null;
}

function showBar(page: Page, line: HTMLElement, bar: Bar): void {
  const { timeframe } = page.facts.value;
  if (line.childElementCount === 0) line.append(...readoutParts());
  const [frame, ...rest] = line.children;
  if (frame !== undefined) setText(frame, timeframe);
  FIGURES.forEach((figure, index) => {
    const value = rest[index]?.lastElementChild;
    if (value) setText(value, formatPrice(bar[figure]));
  });
  const change = rest[FIGURES.length];
  const moved = bar.close / bar.open - 1;
  if (change) setText(change, formatChange(moved));
  line.classList.toggle('down', moved < 0);
}

function readoutParts(): HTMLElement[] {
  const figures = FIGURES.map((figure) =>
    element('span', { class: figure }, element('i', {}, LETTERS[figure]), element('b', {})),
  );
  return [element('span', { class: 'frame' }), ...figures, element('span', { class: 'change' })];
}

function showPanes(view: ChartView, place: HTMLElement, bar: Bar | null): void {
  const names = view.panes.tops().map(({ layer, top }) => {
    const name = element('span', {}, ...paneWords(view, layer, bar));
    name.style.top = `${top + 4}px`;
    return name;
  });
  place.replaceChildren(...names);
}

function paneWords(view: ChartView, layer: PaneLayer, bar: Bar | null): (Node | string)[] {
  const { bars } = view.feed;
  const value = bar === null ? null : valueAt(view, layer, bar);
  const figure = (words: string): HTMLElement => element('b', {}, words);
  if (layer === 'funding') return ['Funding ', figure(value === null ? '–' : formatRate(value))];
  const words = figure(value === null ? '–' : formatCompact(value));
  if (layer === 'openInterest') return ['Open interest ', words];
  const delta = bar === null ? null : takerDelta(bar);
  const taken = delta === null ? [] : [' Δ ', figure(formatCompact(delta))];
  if (layer === 'volume') return ['Volume ', words, ...taken];
  return [`Cumulative delta, ${bars.all.length} bars `, words];
}

function valueAt(view: ChartView, layer: PaneLayer, bar: Bar): number | null {
  const { bars } = view.feed;
  const index = bars.indexAt(bar.openTimeMs);
  if (layer === 'delta') return paneValues(layer, bars.all)[index] ?? null;
  return paneValues(layer, [bar])[0] ?? null;
}
