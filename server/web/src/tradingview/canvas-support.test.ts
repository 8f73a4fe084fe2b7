// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findPane } from './canvas-support';
import type { ChartWidgetApi, PriceScaleApi } from './chart-api';

const [WIDTH, HEIGHT] = [800, 400];
const SCALE: PriceScaleApi = {
  getMode: () => 0,
  isInverted: () => false,
  getVisiblePriceRange: () => ({ from: 1, to: 2 }),
};

beforeEach(() => {
  vi.stubGlobal('OffscreenCanvas', class {});
});
afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

function chartOf(scale: PriceScaleApi | null = SCALE, hasMainSeries = true): ChartWidgetApi {
  const pane = {
    hasMainSeries: () => hasMainSeries,
    getHeight: () => HEIGHT,
    getMainSourcePriceScale: () => scale,
  };
  const timeScale = { width: () => WIDTH };
  return { getPanes: () => [pane], getTimeScale: () => timeScale } as unknown as ChartWidgetApi;
}

/** Return a widget with canvases of some widths; jsdom lays nothing out, so they are told. */
function containerOf(...widths: number[]): HTMLElement {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const inside = frame.contentDocument as Document;
  for (const width of widths) {
    const canvas = inside.createElement('canvas');
    Object.defineProperty(canvas, 'clientWidth', { value: width });
    Object.defineProperty(canvas, 'clientHeight', { value: HEIGHT });
    inside.body.append(canvas);
  }
  return document.body;
}

test('the pane is found by its size among all canvases', () => {
  const found = findPane(chartOf(), containerOf(60, WIDTH + 1, 60));
  expect('canvas' in found && found.canvas.clientWidth).toBe(WIDTH + 1);
});

test.each<[string, () => ReturnType<typeof findPane>, string]>([
  ['no container', () => findPane(chartOf()), 'container must be given'],
  [
    'no chart',
    () => findPane(chartOf(), document.createElement('div')),
    'no chart in the container',
  ],
  ['no canvas', () => findPane(chartOf(), containerOf(60)), 'no canvas has the size of the pane'],
  ['no scale', () => findPane(chartOf(null), containerOf(WIDTH)), 'no price scale'],
  [
    'no candles',
    () => findPane(chartOf(SCALE, false), containerOf(WIDTH)),
    'no pane with the candles',
  ],
  [
    'per cent',
    () => findPane(chartOf({ ...SCALE, getMode: () => 2 }), containerOf(WIDTH)),
    'neither linear nor logarithmic',
  ],
])('with %s there is no layer, and it is said why', (_, find, reason) => {
  expect(find()).toEqual({ reason: expect.stringContaining(reason) });
});

test('a chart of another origin is told apart', () => {
  const container = containerOf(WIDTH);
  const frame = container.querySelector('iframe');
  Object.defineProperty(frame, 'contentDocument', { value: null });
  expect(findPane(chartOf(), container)).toEqual({
    reason: 'the chart is served from another origin',
  });
});
