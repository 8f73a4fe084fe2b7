/** A day of the market in a few seconds: the page keeps up, and its memory stays flat. */
import type { CDPSession, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Opened, openChart, settled, useBrowser } from './browser';
import { advance } from './market';

useBrowser();

const HOUR = 3_600;
/** Bytes by which the heap may be larger after the day than after its first hours; it is 6 MB. */
const SLACK = 2_000_000;

/** Questions that may wait for their answers at the same time: none is asked for twice. */
const MOST_AT_A_TIME = 20;

async function heapOf(opened: Opened, session: CDPSession): Promise<number> {
  await settled(opened);
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

async function caughtUp(page: Page, timeMs: number): Promise<void> {
  await page.waitForFunction(
    (time) => Number(window.liqbands?.series.data().at(-1)?.time) * 1_000 >= time - 120_000,
    timeMs,
    { timeout: 20_000 },
  );
}

test('24 hours, fast-forwarded', async () => {
  const opened = await openChart('/?timeframe=1m&window=12h');
  const { page, errors } = opened;
  let most = 0;
  page.on('request', () => {
    most = Math.max(most, opened.waiting.size);
  });
  const session = await page.context().newCDPSession(page);
  await caughtUp(page, await advance(4 * HOUR, 1_200));
  const early = await heapOf(opened, session);
  await caughtUp(page, await advance(20 * HOUR, 1_200));
  const late = await heapOf(opened, session);
  expect(late - early).toBeLessThan(SLACK);
  expect(most).toBeLessThan(MOST_AT_A_TIME);
  expect(errors).toEqual([]);
}, 60_000);
