/** The page comes quickly, in few bytes, from this server alone, and without a complaint. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { chartReady, newPage, openChart, useBrowser } from './browser';
import { serverUrl } from './market';

useBrowser();

test('it loads without errors, and asks nobody but this server', async () => {
  const { page, errors, answered } = await openChart();
  await page.waitForTimeout(300);
  expect(errors).toEqual([]);
  const elsewhere = answered.filter(
    (url) => !/^(data|blob):/.test(url) && !url.startsWith(serverUrl),
  );
  expect(elsewhere).toEqual([]);
});

test('it weighs less than 200 kB', async () => {
  const { page } = await newPage();
  const files: Promise<number>[] = [];
  page.on('response', (response) => {
    const isPage = /\/(?:assets\/.*)?$/.test(new URL(response.url()).pathname);
    if (isPage) files.push(response.body().then((body) => gzipSync(body).length));
  });
  await page.goto('/');
  await chartReady(page);
  await page.evaluate(() => document.fonts.ready);
  const bytes = (await Promise.all(files)).reduce((sum, one) => sum + one, 0);
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThan(200_000);
});

test('a browser without scripts is led to the overview', async () => {
  const { page } = await newPage({ javaScriptEnabled: false });
  await page.goto('/');
  await page.getByRole('link', { name: /overview/i }).click();
  await page.getByRole('heading', { name: 'Strongest bands' }).waitFor();
});

test('the overview leads back to the chart', async () => {
  const { page, errors } = await newPage();
  await page.goto('/overview');
  await page.getByRole('link', { name: 'liqbands' }).first().click();
  await chartReady(page);
  expect(errors).toEqual([]);
});
