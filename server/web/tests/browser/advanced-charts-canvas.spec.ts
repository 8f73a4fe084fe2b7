/**
 * The canvas layer of the TradingView adapter in a real Chromium, over a stand-in for the chart: a
 * frame with canvases and the documented functions that say where bars and prices lie.
 */
import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import type * as Library from '../../src/tradingview';
import { newPage, useBrowser } from './browser';
import { advance, ask } from './market';

useBrowser();

const SYMBOL = 'SIMULATED:SIMUSDT.P';
const [WIDTH, HEIGHT] = [900, 500];

/** What the stand-in shows; bars are counted from the first. */
interface View {
  /** Bar at the left edge, with a fraction. */
  first: number;
  spacing: number;
  low: number;
  high: number;
  mode: number;
  inverted: boolean;
}

interface StandIn {
  view: View;
  chart: Library.ChartWidgetApi;
  attached: Library.AttachedBands;
}

async function openStandIn(view: View, times: readonly number[], inFrame = true): Promise<Page> {
  const { page, errors } = await newPage();
  const canvases = `<canvas width="${WIDTH}" height="${HEIGHT}"></canvas>`.repeat(2);
  const inside = `<style>body{margin:0}div{position:relative}canvas{position:absolute;left:0;top:0;
    width:${WIDTH}px;height:${HEIGHT}px}</style><div>${inFrame ? canvases : ''}</div>`;
  await page.route('**/stand-in.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><div id="box"><iframe width="${WIDTH}" height="${HEIGHT}"
        srcdoc='${inside}'></iframe></div><script type="module">
        window.library = await import('/lib/liqbands-tradingview.js');</script>`,
    }),
  );
  await page.goto('/stand-in.html');
  await page.waitForFunction(() => 'library' in window);
  await page.evaluate(attachTo, { view, times, symbol: SYMBOL, width: WIDTH, height: HEIGHT });
  expect(errors).toEqual([]);
  return page;
}

/** Runs in the page. */
async function attachTo(given: {
  view: View;
  times: readonly number[];
  symbol: string;
  width: number;
  height: number;
}): Promise<void> {
  const { view, times, symbol, width, height } = given;
  const { library } = window as unknown as { library: typeof Library };
  const never = { subscribe: () => undefined, unsubscribe: () => undefined };
  const barAt = (x: number) => Math.floor(view.first + x / view.spacing);
  const scale = {
    getMode: () => view.mode,
    isInverted: () => view.inverted,
    getVisiblePriceRange: () => ({ from: view.low, to: view.high }),
  };
  const study = { setInputValues: () => undefined };
  const chart = {
    symbolExt: () => ({ ticker: symbol, name: symbol }),
    resolution: () => '15',
    onSymbolChanged: () => never,
    onIntervalChanged: () => never,
    getAllStudies: () => [{ id: 'study', name: 'Liquidation bands' }],
    getStudyById: () => study,
    getPanes: () => [
      { hasMainSeries: () => true, getHeight: () => height, getMainSourcePriceScale: () => scale },
    ],
    getTimeScale: () => ({
      width: () => width,
      barSpacing: () => view.spacing,
      coordinateToTime: (x: number) => times[barAt(x)] ?? null,
    }),
    getVisibleRange: () => ({
      from: times[barAt(0)] ?? 0,
      to: times[barAt(width)] ?? times.at(-1),
    }),
  } as unknown as Library.ChartWidgetApi;
  const container = document.getElementById('box') as HTMLElement;
  const options = { baseUrl: '', overlay: 'canvas', container } as const;
  const attached = await library.attachLiquidationBands(chart, options);
  Object.assign(window, { standIn: { view, chart, attached } });
}

/** Return the opacity of the layer at some pixels, once it has been drawn. */
async function opacitiesAt(
  page: Page,
  places: readonly [x: number, y: number][],
): Promise<number[]> {
  await page.waitForFunction(() => {
    const inside = document.querySelector('iframe')?.contentDocument;
    const layer = inside?.querySelector<HTMLCanvasElement>('canvas[data-liqbands]');
    const drawn = layer?.getContext('2d')?.getImageData(0, 0, layer.width, layer.height).data;
    return drawn?.some((value, i) => i % 4 === 3 && value > 0) ?? false;
  });
  await page.waitForTimeout(150);
  return page.evaluate(
    (at) => {
      const inside = document.querySelector('iframe')?.contentDocument;
      const layer = inside?.querySelector<HTMLCanvasElement>('canvas[data-liqbands]');
      const context = layer?.getContext('2d');
      return at.map(([x, y]) => context?.getImageData(x, y, 1, 1).data[3] ?? -1);
    },
    places as [number, number][],
  );
}

/** The heatmap's exact numbers: for each column runs of rows that are not empty. */
interface Exact {
  rows: { count: number; p0: number; dp: number };
  columns: { open_time_ms: number[] };
  cells: [number, number[]][][];
}

/** A place in the market; the column is the bar of the same number. */
interface Cell {
  column: number;
  price: number;
}

interface Market {
  /** Opens of bars, seconds. */
  times: number[];
  dense: Cell[];
  empty: Cell[];
  view: View;
}

/** Return the densest and some empty prices of a few columns, and a view of all prices. */
async function marketOf(): Promise<Market> {
  const question = `symbol=${SYMBOL}&timeframe=15m&columns=200&bins=400&format=json`;
  const { rows, columns, cells } = await ask<Exact>(`/api/v1/heatmap?${question}`);
  const priceAt = (row: number): number => rows.p0 * Math.exp((row + 0.5) * rows.dp);
  const few = [40, 70, 100, 130].map((column) => ({ column, notional: columnOf(cells, column) }));
  const dense = few.map(({ column, notional }) => {
    return { column, price: priceAt(notional.indexOf(Math.max(...notional))) };
  });
  const empty = few.flatMap(({ column, notional }) => {
    const row = notional.findIndex((_, at) => at > 2 && !sum(notional.slice(at - 3, at + 4)));
    return row < 0 ? [] : [{ column, price: priceAt(row) }];
  });
  const view = { first: 20, spacing: 6.5, low: rows.p0, high: priceAt(rows.count), mode: 0 };
  const times = columns.open_time_ms.map((time) => time / 1000);
  return { times, dense, empty, view: { ...view, inverted: false } };

  function columnOf(all: Exact['cells'], column: number): number[] {
    const notional = new Array<number>(rows.count).fill(0);
    for (const [first, values] of all[column] ?? []) {
      notional.splice(first, values.length, ...values);
    }
    return notional;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function placeOf({ column, price }: Cell, view: View): [number, number] {
  const on = view.mode === 1 ? Math.log : (one: number) => one;
  const share = (on(price) - on(view.low)) / (on(view.high) - on(view.low));
  const y = (view.inverted ? share : 1 - share) * HEIGHT;
  return [
    Math.floor((column + 0.5 - view.first) * view.spacing),
    Math.min(HEIGHT - 1, Math.floor(y)),
  ];
}

test('dense zones are drawn where they stand, however the chart is moved, zoomed and scaled', async () => {
  const { times, dense, empty, view } = await marketOf();
  const page = await openStandIn(view, times);
  for (const change of [
    {},
    { mode: 1 },
    { inverted: true },
    { first: 33.3, spacing: 5.2, low: view.low * 1.01 },
  ]) {
    const shown = { ...view, ...change };
    await page.evaluate((to) => {
      Object.assign((window as unknown as { standIn: StandIn }).standIn.view, to);
    }, shown);
    const opacities = await opacitiesAt(
      page,
      [...dense, ...empty].map((cell) => placeOf(cell, shown)),
    );
    expect(Math.min(...opacities.slice(0, dense.length))).toBeGreaterThan(40);
    expect(Math.max(...opacities.slice(dense.length))).toBe(0);
  }
});

test('a new column is drawn as it comes, and closing leaves nothing', async () => {
  const { times, view } = await marketOf();
  const later = Array.from({ length: 8 }, (_, i) => (times.at(-1) ?? 0) + 900 * (i + 1));
  const page = await openStandIn({ ...view, first: 100 }, [...times, ...later]);
  const x = Math.floor((times.length + 0.5 - 100) * view.spacing);
  const line = Array.from({ length: HEIGHT / 2 }, (_, y): [number, number] => [x, 2 * y]);
  expect(Math.max(...(await opacitiesAt(page, line)))).toBe(0);
  await advance(960, 20);
  const isDrawn = async () => {
    expect(Math.max(...(await opacitiesAt(page, line)))).toBeGreaterThan(40);
  };
  await vi.waitFor(isDrawn, { timeout: 12_000 });
  await page.evaluate(() => (window as unknown as { standIn: StandIn }).standIn.attached.close());
  const left = await page.evaluate(
    () => document.querySelector('iframe')?.contentDocument?.querySelectorAll('canvas').length,
  );
  expect(left).toBe(2);
});

test('without a pane to draw on, the indicator takes its place and says why', async () => {
  const { times, view } = await marketOf();
  const page = await openStandIn(view, times, false);
  const { overlay, reason } = await page.evaluate(() => {
    const { attached } = (window as unknown as { standIn: StandIn }).standIn;
    return { overlay: attached.overlay, reason: attached.reason };
  });
  expect({ overlay, reason }).toEqual({
    overlay: 'study',
    reason: 'no canvas has the size of the pane',
  });
});
