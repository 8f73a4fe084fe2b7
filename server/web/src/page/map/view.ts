/** The second view: price across, notional upwards, at one moment. */
import type { MapAnswer, Summary } from '../../client';
import { segmented } from '../controls/segmented';
import { byId, element } from '../dom';
import { formatLeverage, formatNotional, formatPrice } from '../format';
import { momentControl } from '../moment-control';
import { MomentView } from '../moment-view';
import type { Page } from '../page';
import { strongest, summaryWords } from '../panels/summary';
import { momentQuery } from '../question';
import { colour, leverageColours } from '../theme';
import { REACHES } from '../view-state';
import { mapBars, type MapBar } from './bars';
import { drawMap, type MapColours, type MapLayout, mapLayout } from './draw';
import { numberCards } from './numbers';
import { followPointer } from './pointer';

const ROW_PIXELS = 7;
const MOST_ROWS = 400;

/** What the view holds between two drawings. */
interface MapView {
  page: Page;
  canvas: HTMLCanvasElement;
  layers: HTMLElement;
  showNumbers: (summary: Summary) => void;
  answer: MapAnswer | null;
  summary: Summary | null;
  bars: MapBar[];
  layout: MapLayout | null;
  pointer: number | null;
}

/**
 * Build the view.
 *
 * @param drawn - Called when there is a picture, or it is said why there is none.
 */
export function buildMapView(page: Page, drawn: () => void): void {
  const { root: numbers, show: showNumbers } = numberCards();
  const view = makeView(page, showNumbers);
  const moment = new MomentView<[MapAnswer, Summary]>(page, {
    name: 'map',
    words: 'Reading the book',
    question: ['venues', 'atMs', 'reach'],
    ask: (signal) => ask(view, signal),
    show: ([answer, summary]) => {
      Object.assign(view, { answer, summary });
      draw(view);
    },
    drawn,
  });
  byId('view-map').append(
    numbers,
    tools(page, view.layers),
    element('div', { class: 'canvas-box' }, view.canvas, moment.placeholder),
  );
  page.view.watch(['side', 'leverage', 'palette', 'theme', 'view'], () => draw(view));
  new ResizeObserver(() => draw(view)).observe(view.canvas);
  followPointer(
    page,
    view.canvas,
    () => view,
    (price) => pointAt(view, price),
  );
}

function pointAt(view: MapView, price: number | null): void {
  view.pointer = price;
  draw(view);
}

function makeView(page: Page, showNumbers: MapView['showNumbers']): MapView {
  return {
    page,
    canvas: element('canvas', { role: 'img', 'aria-label': 'Map' }),
    layers: element('div', { class: 'layer-names' }),
    showNumbers,
    answer: null,
    summary: null,
    bars: [],
    layout: null,
    pointer: null,
  };
}

function tools(page: Page, layers: HTMLElement): HTMLElement {
  const space = element('div', { class: 'space' });
  return element('div', { class: 'tools' }, layers, space, reach(page), momentControl(page));
}

function reach(page: Page): HTMLElement {
  const options = REACHES.map((value) => ({
    value,
    label: value === 'auto' ? 'Auto' : `±${value}%`,
    title: value === 'auto' ? 'Most of both sides' : `${value}% on both sides of the price`,
  }));
  const control = segmented('Prices shown', options, (chosen) => page.view.set({ reach: chosen }));
  page.view.follow(['reach'], (state) => control.show(state.reach));
  return control.root;
}

async function ask(view: MapView, signal: AbortSignal): Promise<[MapAnswer, Summary]> {
  const { client } = view.page;
  const moment = momentQuery(view.page);
  const rows = Math.min(MOST_ROWS, Math.max(60, Math.floor(view.canvas.clientWidth / ROW_PIXELS)));
  const summary = await client.summary(moment, { signal });
  const share = Number(view.page.view.value.reach) / 100;
  const { mark } = summary;
  const bounds = share > 0 ? { low: mark * (1 - share), high: mark * (1 + share) } : {};
  return [await client.map({ ...moment, ...bounds, rows }, { signal }), summary];
}

function draw(view: MapView): void {
  const { answer, summary, canvas, page } = view;
  if (answer === null || summary === null || canvas.clientWidth === 0) return;
  const { side, leverage } = page.view.value;
  view.bars = mapBars(answer, { side, leverage });
  view.layout = mapLayout(view.bars, canvas.clientWidth, canvas.clientHeight);
  const layers = leverageColours(page.view.value, answer.leverageGroups.length);
  const colours = mapColours(layers);
  drawMap(contextOf(canvas), view.layout, {
    bars: view.bars,
    mark: answer.mark,
    magnet: strongest(summary)?.peakPrice ?? null,
    pointer: view.pointer,
    colours,
    writeNotional: (notional) => formatNotional(notional, answer.about.unit, answer.quote),
  });
  canvas.setAttribute('aria-label', mapSentence(answer, summary));
  view.showNumbers(summary);
  showLayerNames(view.layers, answer.leverageGroups, colours.layers);
}

/** Return what the map shows, for who cannot see it. */
export function mapSentence(answer: MapAnswer, summary: Summary): string {
  const words = summaryWords(summary);
  const from = formatPrice(answer.edges[0] ?? 0);
  const to = formatPrice(answer.edges[answer.edges.length - 1] ?? 0);
  return (
    `Notional per price of ${answer.symbol} from ${from} to ${to}. Longs ${words.long}, ` +
    `shorts ${words.short}, price ${words.price}, densest at ${words.magnet}. ${words.bias}.`
  );
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const ratio = devicePixelRatio;
  const [width, height] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio].map(Math.round);
  if (canvas.width !== width) canvas.width = width ?? 0;
  if (canvas.height !== height) canvas.height = height ?? 0;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser must have a 2D canvas to draw the map');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

function mapColours(layers: readonly string[]): MapColours {
  return {
    layers,
    long: colour('long'),
    short: colour('short'),
    mark: colour('mark'),
    magnet: colour('warn'),
    text: colour('muted'),
    grid: colour('line'),
    chart: colour('chart'),
    font: `500 11px ${colour('font')}`,
  };
}

function showLayerNames(
  place: HTMLElement,
  groups: readonly string[],
  colours: readonly string[],
): void {
  const names = groups.map((group, index) => {
    const dot = element('i', {});
    dot.style.background = colours[index] ?? '';
    return element('span', {}, dot, formatLeverage(group));
  });
  place.replaceChildren(...names);
}
