/** How long the heatmap takes to draw, while its chart is panned. */
import type { Page } from 'playwright-core';
import type * as Charts from 'lightweight-charts';
import type * as Overlay from '../../src/overlay';

/** What is drawn; tiles have 500 columns, as those of the server have at most 512. */
export interface Scene {
  tiles: number;
  rows: number;
  scale: 'linear' | 'log';
  frames: number;
}

/** Milliseconds of JavaScript for each drawing and between frames, and calls of the canvas. */
export interface Drawn {
  draws: number[];
  frames: number[];
  calls: number[];
}

interface Modules {
  charts: typeof Charts;
  overlay: typeof Overlay;
}

/** Load both libraries into a page that `openLibraryPage` has opened. */
export async function loadLibraries(page: Page): Promise<void> {
  await page.addScriptTag({
    type: 'module',
    content: `window.modules = {
      charts: await import('lightweight-charts'),
      overlay: await import('liqbands-lightweight-charts'),
    };`,
  });
  await page.waitForFunction(() => 'modules' in window);
}

/** Put a chart with a made-up market on the page, pan it, and return what that took. */
export function drawScene(page: Page, scene: Scene): Promise<Drawn> {
  return page.evaluate(async ({ tiles, rows, scale, frames }) => {
    const { charts, overlay } = (window as unknown as { modules: Modules }).modules;
    const [columns, hourMs] = [500, 3_600_000];
    const count = tiles * columns;
    const box = document.getElementById('chart');
    if (!(box instanceof HTMLElement)) throw new Error('there is no place for a chart');
    box.replaceChildren();
    const chart = charts.createChart(box, {
      width: 1280,
      height: 720,
      rightPriceScale: { mode: scale === 'log' ? 1 : 0 },
    });
    const series = chart.addSeries(charts.CandlestickSeries);
    const priceAt = (at: number) => 100 * Math.exp(0.1 * Math.sin(at / 40) + 0.02 * Math.sin(at));
    const bars = Array.from({ length: count }, (_, at) => {
      const [open, close] = [priceAt(at), priceAt(at + 1)];
      const [low, high] = [Math.min(open, close) * 0.998, Math.max(open, close) * 1.002];
      return { time: (at * 3_600) as Charts.UTCTimestamp, open, high, low, close };
    });
    series.setData(bars);
    const heatmap = new overlay.HeatmapPrimitive();
    series.attachPrimitive(heatmap);
    const dp = 0.5 / rows;
    const tileAt = (tile: number): Overlay.HeatmapGrid => {
      const cells = new Uint8Array(columns * rows);
      for (let at = 0; at < cells.length; at++) cells[at] = (at * 7 + ((at * at) >> 7)) & 255;
      return {
        symbol: 'MADE:UP', timeframe: '1h', timeframeMs: hourMs, norm: 20, max: 2 ** 20,
        unit: 'quote', columns, rows, p0: 100 * Math.exp(-0.25), dp, cells,
        openTimeMs: Float64Array.from({ length: columns }, (_, at) => (tile * columns + at) * hourMs),
        splitRow: new Int32Array(columns).fill(rows >> 1), splitLong: new Uint8Array(columns),
        mark: new Float32Array(columns).fill(100), seedShare: new Uint8Array(columns),
        lastIsForming: false,
        about: { asOfMs: count * hourMs, venues: [], simulated: true, stale: false },
      } as unknown as Overlay.HeatmapGrid;
    }; // prettier-ignore
    heatmap.setTiles(Array.from({ length: tiles }, (_, tile) => tileAt(tile)));
    const taken: Drawn = { draws: [], frames: [], calls: [] };
    let calls = 0;
    const context = CanvasRenderingContext2D.prototype;
    for (const name of ['drawImage', 'fillRect'] as const) {
      const original = context[name] as (...given: unknown[]) => void;
      Object.assign(context, {
        [name](this: CanvasRenderingContext2D, ...given: unknown[]) {
          calls += 1;
          original.apply(this, given);
        },
      });
    }
    const views = heatmap.paneViews();
    const timed = views.map((view) => ({
      zOrder: () => 'bottom' as const,
      renderer: () => {
        const renderer = view.renderer();
        const draw = (...given: Parameters<NonNullable<typeof renderer>['draw']>) => {
          calls = 0;
          const begun = performance.now();
          renderer?.draw(...given);
          taken.draws.push(performance.now() - begun);
          taken.calls.push(calls);
        };
        return { draw };
      },
    }));
    heatmap.paneViews = () => timed;
    chart.timeScale().fitContent();
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    for (let warm = 0; warm < 20; warm++) {
      chart.timeScale().scrollToPosition(-warm, false);
      await frame();
    }
    Object.assign(taken, { draws: [], frames: [], calls: [] });
    let before = await frame();
    for (let step = 0; step < frames; step++) {
      chart.timeScale().scrollToPosition(-20 - step * 0.7, false);
      const now = await frame();
      taken.frames.push(now - before);
      before = now;
    }
    chart.remove();
    return taken;
  }, scene);
}
