/** The address is the view: it follows every control, and restores the same picture. */
import { expect, test } from 'vitest';
import { openChart, settled, useBrowser } from './browser';
import { difference, wholePicture } from './picture';

useBrowser();

test('a shared address shows the same picture', async () => {
  const first = await openChart('/?timeframe=1h&window=1d');
  await first.page.getByRole('radio', { name: 'Mono' }).check({ force: true });
  await first.page.getByRole('radio', { name: 'Longs' }).check({ force: true });
  await first.page.waitForFunction(() => location.search.includes('side=long'));
  await settled(first);
  const address = await first.page.evaluate(() => location.search);
  expect(address).toContain('palette=monochrome');
  const second = await openChart(`/${address}`);
  await settled(second);
  const [shared, own] = [await wholePicture(second.page), await wholePicture(first.page)];
  expect(difference(shared, own)).toBeLessThan(0.0005);
});

test('a visible range comes back', async () => {
  const first = await openChart('/?timeframe=5m&window=1d');
  await first.page.evaluate(() => {
    window.liqbands?.chart.timeScale().setVisibleLogicalRange({ from: 40, to: 120 });
  });
  await first.page.waitForFunction(() => location.search.includes('visible='));
  const range = () => window.liqbands?.chart.timeScale().getVisibleRange();
  const wanted = await first.page.evaluate(range);
  const second = await openChart(`/${await first.page.evaluate(() => location.search)}`);
  expect(await second.page.evaluate(range)).toEqual(wanted);
});
