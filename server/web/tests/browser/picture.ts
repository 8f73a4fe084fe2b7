/** What stands on the chart's canvas, pixel by pixel. */
import type { Page } from 'playwright-core';

/** Red, green and blue, 0 to 255. */
export type Pixel = readonly [red: number, green: number, blue: number];

/** A place on the chart: UTC milliseconds of a bar's open, and a price. */
export interface Place {
  timeMs: number;
  price: number;
}

/** Return a digest of the whole picture. */
export function pictureOf(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const canvas = window.liqbands?.chart.takeScreenshot();
    const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    if (pixels === undefined) throw new Error('there is no picture');
    let digest = 0;
    const words = new Uint32Array(pixels.buffer);
    for (const word of words) digest = (Math.imul(digest, 31) + word) | 0;
    return String(digest);
  });
}

/** Return the whole picture, four bytes for each pixel. */
export async function wholePicture(page: Page): Promise<Uint8Array> {
  const text = await page.evaluate(async () => {
    const canvas = window.liqbands?.chart.takeScreenshot();
    const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
    if (pixels === undefined) throw new Error('there is no picture');
    const reader = new FileReader();
    reader.readAsDataURL(new Blob([pixels.data]));
    await new Promise((resolve) => reader.addEventListener('load', resolve));
    return String(reader.result);
  });
  return Buffer.from(text.slice(text.indexOf(',') + 1), 'base64');
}

/** Levels of a colour that nobody sees: a forming column is told in coarser steps than a closed one. */
const UNSEEN = 8;

/** Return the share of two pictures that an eye tells apart; 1 where their sizes differ. */
export function difference(one: Uint8Array, other: Uint8Array): number {
  if (one.length !== other.length) return 1;
  const isOther = (value: number, at: number): boolean =>
    Math.abs(value - (other[at] ?? 0)) > UNSEEN;
  return one.reduce((count, value, at) => count + Number(isOther(value, at)), 0) / one.length;
}

/** Wait until the picture is another one. */
export async function pictureChanges(page: Page, before: string): Promise<string> {
  const until = Date.now() + 10_000;
  for (;;) {
    const now = await pictureOf(page);
    if (now !== before) return now;
    if (Date.now() > until) throw new Error('the picture has stayed the same');
    await page.waitForTimeout(50);
  }
}

/** Return the pixels at places of the chart; null where they are outside. */
export function pixelsAt(page: Page, places: readonly Place[]): Promise<(Pixel | null)[]> {
  return page.evaluate((wanted) => {
    const { chart, series } = window.liqbands ?? {};
    const canvas = chart?.takeScreenshot();
    const context = canvas?.getContext('2d');
    if (!chart || !series || !canvas || !context) throw new Error('there is no picture');
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const pane = chart.panes()[0]?.getHeight() ?? 0;
    const width = chart.timeScale().width();
    type Seconds = Parameters<ReturnType<typeof chart.timeScale>['timeToCoordinate']>[0];
    return wanted.map(({ timeMs, price }) => {
      const x = chart.timeScale().timeToCoordinate((timeMs / 1000) as Seconds);
      const y = series.priceToCoordinate(price);
      if (x === null || y === null || x < 0 || y < 0 || x >= width || y >= pane) return null;
      const at = 4 * (Math.floor(y) * canvas.width + Math.floor(x));
      return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0] as const;
    });
  }, places);
}

/** Draw nothing but the heatmap: candles, lines and grid become invisible. */
export function hideAllButHeat(page: Page): Promise<void> {
  return page.evaluate(() => {
    const { chart, series } = window.liqbands ?? {};
    const none = 'rgba(0, 0, 0, 0)';
    const candle = { upColor: none, downColor: none, wickUpColor: none, wickDownColor: none };
    series?.applyOptions({ ...candle, borderVisible: false, priceLineVisible: false });
    chart?.applyOptions({
      grid: { vertLines: { visible: false }, horzLines: { visible: false } },
      layout: { attributionLogo: false },
    });
  });
}
