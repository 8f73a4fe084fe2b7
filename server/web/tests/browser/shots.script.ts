/** Pictures of the chart page for the READMEs. */
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions } from 'playwright-core';
import { test } from 'vitest';
import { openChart, PHONE, settled, useBrowser } from './browser';
import { advance } from './market';

useBrowser();

const FOLDER = fileURLToPath(new URL('../../../../docs/', import.meta.url));
const DESKTOP = { viewport: { width: 1600, height: 900 } };
const PHONE_SHOT = { viewport: PHONE, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

const SHOTS: readonly [name: string, path: string, options: BrowserContextOptions][] = [
  ['chart-dark', '/?timeframe=15m&window=3d', DESKTOP],
  ['chart-light', '/?timeframe=15m&window=3d&theme=light', DESKTOP],
  ['chart-map', '/?view=map', DESKTOP],
  ['chart-bands', '/?view=bands', DESKTOP],
  ['chart-phone', '/?timeframe=15m&window=1d', PHONE_SHOT],
];

test('pictures', async () => {
  await advance(22.5 * 3_600, 300);
  for (const [name, path, options] of SHOTS) {
    const opened = await openChart(path, options);
    await settled(opened);
    await opened.page.screenshot({ path: `${FOLDER}${name}.png` });
  }
  const { page } = await openChart('/?timeframe=15m&window=3d', {
    viewport: { width: 1200, height: 720 },
  });
  await page.keyboard.press('c');
  await page.getByRole('textbox', { name: 'Levels' }).waitFor();
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${FOLDER}copy-for-tradingview.png` });
}, 90_000);
