/** Every control changes the picture, and says so in the address. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openChart, useBrowser } from './browser';
import { pictureChanges, pictureOf } from './picture';

useBrowser();

const VIEW = '/?timeframe=15m&window=1d&layers=heat';

/** Do something, and expect another picture and another address. */
async function changes(page: Page, name: string, act: () => Promise<void>): Promise<void> {
  const before = await pictureOf(page);
  const address = page.url();
  await act();
  await pictureChanges(page, before).catch(() => expect.fail(`${name} changes nothing`));
  await expect.poll(() => page.url(), { timeout: 3_000 }).not.toBe(address);
}

test('filters, colours and layers', async () => {
  const { page, errors } = await openChart(VIEW);
  const chosen = ['Longs', 'Smoothed', 'Mono', 'Light', 'Logarithmic'];
  for (const name of chosen) {
    const radio = page.locator('#panel label', { hasText: new RegExp(`^${name}$`) });
    await changes(page, name, () => radio.click());
  }
  for (const name of ['Heatmap', 'Profile by leverage']) {
    await changes(page, name, () => page.getByRole('switch', { name }).click());
  }
  expect(errors).toEqual([]);
});

test('timeframe, window and intensity', async () => {
  const { page, errors } = await openChart(VIEW);
  await changes(page, 'timeframe', () => page.keyboard.press(']'));
  await changes(page, 'window', () => page.keyboard.press('.'));
  const handle = page.getByRole('slider', { name: 'Notional of the last colour' });
  await handle.focus();
  await changes(page, 'intensity', async () => {
    for (let press = 0; press < 10; press++) await page.keyboard.press('ArrowLeft');
  });
  expect(new URL(page.url()).searchParams.get('intensity')).toMatch(/^\d+,\d+$/);
  expect(errors).toEqual([]);
});

test('the wheel zooms, dragging pans, and older bars come by themselves', async () => {
  const { page, errors } = await openChart('/?timeframe=1m&window=12h&layers=heat');
  await changes(page, 'zooming', async () => {
    await page.mouse.move(600, 400);
    await page.mouse.wheel(0, -300);
  });
  const first = () => Number(window.liqbands?.series.data().at(0)?.time);
  const oldest = await page.evaluate(first);
  for (let drag = 0; drag < 4; drag++) {
    await page.mouse.move(200, 400);
    await page.mouse.down();
    await page.mouse.move(1_000, 400, { steps: 5 });
    await page.mouse.up();
  }
  await expect.poll(() => page.evaluate(first), { timeout: 5_000 }).toBeLessThan(oldest);
  expect(errors).toEqual([]);
});

test('the crosshair explains a cell', async () => {
  const { page } = await openChart(VIEW);
  await page.mouse.move(600, 300);
  const tip = page.locator('[class*="tip"]:visible').first();
  await tip.waitFor();
  expect(await tip.innerText()).toMatch(/\d/);
});

test('the levels for TradingView.com are written', async () => {
  const { page } = await openChart(VIEW);
  await page.keyboard.press('c');
  const levels = page.getByRole('textbox', { name: 'Levels' });
  expect(await levels.inputValue()).toMatch(/^LH1\|/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('choose a market').waitFor();
});

test('the picture and the table can be downloaded', async () => {
  const { page } = await openChart(VIEW);
  for (const [item, ending] of [
    [/chart.*PNG/i, '.png'],
    [/CSV/, '.csv'],
    [/Parquet/, '.parquet'],
  ] as const) {
    await page.getByRole('button', { name: 'Download' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: item }).click(),
    ]);
    expect(download.suggestedFilename()).toContain(ending);
    expect(await download.failure()).toBeNull();
  }
});

test('the bands are sorted by a press on a heading', async () => {
  const { page } = await openChart('/?view=bands');
  const heading = page.getByRole('columnheader', { name: /Distance/ });
  await heading.getByRole('button').click();
  await expect.poll(() => heading.getAttribute('aria-sort')).toBe('descending');
  await heading.getByRole('button').click();
  await expect.poll(() => heading.getAttribute('aria-sort')).toBe('ascending');
});
