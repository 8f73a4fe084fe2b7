/** What happens in the market is seen on the chart, without being asked for. */
import { expect, test } from 'vitest';
import { openChart, useBrowser } from './browser';
import { advance } from './market';
import { pictureChanges, pictureOf } from './picture';

useBrowser();

const newestBar = () => {
  const bar = window.liqbands?.series.data().at(-1);
  return bar === undefined ? '' : JSON.stringify(bar);
};

test('a bar that forms moves', async () => {
  const { page, errors } = await openChart('/?timeframe=1m&window=12h');
  const before = await page.evaluate(newestBar);
  await advance(20);
  await page.waitForFunction((old) => {
    const bar = window.liqbands?.series.data().at(-1);
    return JSON.stringify(bar) !== old;
  }, before);
  expect(errors).toEqual([]);
});

test('a bar that closes brings a new column', async () => {
  const { page, errors } = await openChart('/?timeframe=1m&window=12h&layers=heat');
  const before = await pictureOf(page);
  const bars = await page.evaluate(() => window.liqbands?.series.data().length ?? 0);
  await advance(180);
  await page.waitForFunction(
    (count) => (window.liqbands?.series.data().length ?? 0) >= count + 3,
    bars,
  );
  await pictureChanges(page, before);
  const hasColumn = await page.waitForFunction(() => {
    const { series, heatmap } = window.liqbands ?? {};
    const closed = series?.data().at(-2);
    if (!heatmap || !closed || !('close' in closed)) return false;
    return heatmap.cellAt(Number(closed.time) * 1000, closed.close * 1.01) !== null;
  });
  expect(await hasColumn.jsonValue()).toBe(true);
  expect(errors).toEqual([]);
});
