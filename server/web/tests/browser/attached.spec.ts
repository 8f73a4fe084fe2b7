/** One call puts the heatmap on a chart of somebody else's, follows the market and goes again. */
import type { Page } from 'playwright-core';
import type * as Charts from 'lightweight-charts';
import { expect, test } from 'vitest';
import type * as Overlay from '../../src/overlay';
import { newPage, type Opened, useBrowser } from './browser';
import { loadLibraries } from './drawing';
import { openLibraryPage } from './library-page';
import { advance } from './market';

useBrowser();

const MINUTE_MS = 60_000;

/** What the page keeps for the spec. */
interface Attached {
  chart: Charts.IChartApi;
  heatmap: Overlay.LiquidationHeatmap;
  bars: Overlay.Bar[];
}

interface Modules {
  charts: typeof Charts;
  overlay: typeof Overlay;
}

/** Open a page with a chart of minutes and the heatmap on it. */
async function openAttached(): Promise<Opened> {
  const opened = await newPage();
  await openLibraryPage(opened.page);
  await loadLibraries(opened.page);
  await opened.page.evaluate(async () => {
    const { charts, overlay } = (window as unknown as { modules: Modules }).modules;
    const box = document.getElementById('chart');
    if (box === null) throw new Error('there is no place for a chart');
    const chart = charts.createChart(box, { width: 1280, height: 720 });
    const series = chart.addSeries(charts.CandlestickSeries);
    const symbol = 'SIMULATED:SIMUSDT.P';
    const client = new overlay.LiqbandsClient({ baseUrl: '' });
    const bars = await client.bars(symbol, '1m', { countback: 3_000 });
    const times = bars.map(({ openTimeMs }) => (openTimeMs / 1000) as Charts.UTCTimestamp);
    series.setData(
      bars.map((bar, i) => ({ ...bar, time: times[i] ?? (0 as Charts.UTCTimestamp) })),
    );
    const heatmap = overlay.attachLiquidationHeatmap(chart, series, { baseUrl: '', symbol });
    Object.assign(window, { attached: { chart, heatmap, bars } });
  });
  await waitForColumn(opened.page, (await lastBarMs(opened.page)) - 5 * MINUTE_MS);
  return opened;
}

const lastBarMs = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { bars } = (window as unknown as { attached: Attached }).attached;
    return bars.at(-1)?.openTimeMs ?? 0;
  });

/** Wait until there is a column at a time. */
async function waitForColumn(page: Page, timeMs: number): Promise<void> {
  await page.waitForFunction((time) => {
    const { bars, heatmap } = (window as unknown as { attached: Attached }).attached;
    const bar = bars.findLast(({ openTimeMs }) => openTimeMs <= time);
    return heatmap.heatmap.cellAt(time, bar?.close ?? 0) !== null;
  }, timeMs);
}

test('tiles further left are loaded as the chart is moved there', async () => {
  const { page, errors } = await openAttached();
  const last = await lastBarMs(page);
  await page.evaluate(() => {
    const { chart } = (window as unknown as { attached: Attached }).attached;
    chart.timeScale().scrollToPosition(-2_000, false);
  });
  await waitForColumn(page, last - 2_010 * MINUTE_MS);
  expect(errors).toEqual([]);
});

test('a minute that closes has a column without being asked for', async () => {
  const { page } = await openAttached();
  await page.route('**/api/v1/heatmap?*', (route) => route.abort());
  const nowMs = await advance(150);
  await waitForColumn(page, Math.floor(nowMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS);
});

test('once it is taken off, nothing is drawn and nothing asked for', async () => {
  const { page, errors } = await openAttached();
  const asked: string[] = [];
  const drawn = await page.evaluate(async () => {
    const { chart, heatmap } = (window as unknown as { attached: Attached }).attached;
    heatmap.detach();
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    let pictures = 0;
    const context = CanvasRenderingContext2D.prototype;
    const original = context.drawImage as (...given: unknown[]) => void;
    Object.assign(context, {
      drawImage(this: CanvasRenderingContext2D, ...given: unknown[]) {
        pictures += given.length === 9 ? 1 : 0;
        original.apply(this, given);
      },
    });
    for (let step = 0; step < 20; step++) {
      chart.timeScale().scrollToPosition(-step * 50, false);
      await frame();
    }
    return pictures;
  });
  page.on('request', (request) => asked.push(request.url()));
  await advance(61);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  expect([drawn, asked, errors]).toEqual([0, [], []]);
});
