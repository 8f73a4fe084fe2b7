/** Figures of the chart page: drawing, panning, the first picture, and its weight. */
import { loadavg } from 'node:os';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { test } from 'vitest';
import { chartReady, newPage, openChart, useBrowser } from './browser';
import { drawScene, loadLibraries, type Scene } from './drawing';
import { quantile, spread } from './figures';
import { openLibraryPage } from './library-page';

useBrowser();

const say = (words: string): void => void process.stdout.write(`${words}\n`);

const SCENES: readonly Scene[] = [
  { tiles: 1, rows: 400, scale: 'linear', frames: 240 },
  { tiles: 1, rows: 400, scale: 'log', frames: 240 },
  { tiles: 4, rows: 800, scale: 'linear', frames: 240 },
  { tiles: 4, rows: 800, scale: 'log', frames: 240 },
];

test('drawing', async () => {
  const { page } = await newPage();
  await openLibraryPage(page);
  await loadLibraries(page);
  for (const scene of SCENES) {
    const { draws, frames, calls } = await drawScene(page, scene);
    const name = `${scene.tiles * 500} x ${scene.rows} ${scene.scale}`;
    say(`${name}: draw ${spread(draws)}; canvas calls at most ${Math.max(...calls)}`);
    say(`${name}: between frames ${spread(frames)}; load ${(loadavg()[0] ?? 0).toFixed(1)}`);
  }
}, 120_000);

/** Drag the chart to the right for a while; return the time between frames. */
async function pan(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    const times: number[] = [];
    const note = (time: number): void => {
      times.push(time);
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
    Object.assign(window, { frameTimes: times });
  });
  await page.mouse.move(400, 400);
  await page.mouse.down();
  for (let step = 0; step < 150; step++) await page.mouse.move(400 + 3 * step, 400);
  await page.mouse.up();
  const times = await page.evaluate(
    () => (window as unknown as { frameTimes: number[] }).frameTimes,
  );
  return times.slice(1).map((time, i) => time - (times[i] ?? time));
}

test('panning the page', async () => {
  const { page } = await openChart('/?timeframe=5m&window=1d');
  say(`panning the page: between frames ${spread(await pan(page))}`);
});

test('the first picture', async () => {
  const times: number[] = [];
  for (let load = 0; load < 5; load++) {
    const { page } = await newPage();
    await page.goto('/');
    await chartReady(page);
    times.push(await page.evaluate(() => performance.now()));
  }
  const [middle, most] = [quantile(times, 0.5), Math.max(...times)];
  say(`first picture: p50 ${middle.toFixed(0)}, slowest of five ${most.toFixed(0)} ms`);
});

test('weight', async () => {
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
  say(`weight: ${(bytes / 1_000).toFixed(1)} kB gzipped in ${files.length} files`);
});
