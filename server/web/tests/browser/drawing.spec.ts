/** The heatmap is drawn by few calls, however many cells it has; the library needs no page of ours. */
import { expect, test } from 'vitest';
import { newPage, useBrowser } from './browser';
import { drawScene, loadLibraries } from './drawing';
import { openLibraryPage } from './library-page';

useBrowser();

test.each(['linear', 'log'] as const)('a tile is one picture on a %s scale', async (scale) => {
  const { page, errors } = await newPage();
  await openLibraryPage(page);
  await loadLibraries(page);
  const { calls } = await drawScene(page, { tiles: 3, rows: 400, scale, frames: 20 });
  expect(calls.length).toBeGreaterThan(10);
  expect(Math.max(...calls)).toBeLessThanOrEqual(3);
  expect(errors).toEqual([]);
});
