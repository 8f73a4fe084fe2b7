/** The page says that it has lost its server, keeps what it shows, and catches up by itself. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openChart, useBrowser } from './browser';
import { advance, startServer, stopServer } from './market';

useBrowser();

const VIEW = '/?timeframe=1m&window=12h';

const barCount = (page: Page): Promise<number> =>
  page.evaluate(() => window.liqbands?.series.data().length ?? 0);

const sign = (page: Page, words: string) =>
  page.locator('.connection:visible', { hasText: words }).first().waitFor({ timeout: 15_000 });

async function hasAllBars(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const times = window.liqbands?.series.data().map((bar) => Number(bar.time)) ?? [];
      return times.every((time, i) => i === 0 || time - (times[i - 1] ?? 0) === 60);
    },
    undefined,
    { timeout: 15_000 },
  );
}

async function hasBars(page: Page, least: number): Promise<void> {
  await page.waitForFunction(
    (count) => (window.liqbands?.series.data().length ?? 0) >= count,
    least,
    { timeout: 15_000 },
  );
}

test('offline and back', async () => {
  const { page } = await openChart(VIEW);
  const before = await barCount(page);
  await page.context().setOffline(true);
  await sign(page, 'Offline');
  await advance(300);
  expect(await barCount(page)).toBeGreaterThanOrEqual(before);
  await page.context().setOffline(false);
  await hasBars(page, before + 5);
  await hasAllBars(page);
});

test('the server goes away for an hour of the market and comes back', async () => {
  const { page } = await openChart(VIEW);
  await sign(page, 'Live');
  const before = await barCount(page);
  await stopServer();
  await sign(page, 'Reconnecting');
  await advance(3_600, 60);
  await startServer();
  await sign(page, 'Live');
  await hasBars(page, before + 60);
  await hasAllBars(page);
});
