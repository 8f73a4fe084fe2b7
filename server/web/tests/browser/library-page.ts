/** A page of somebody else's: the chart library, our overlay, and no code of the chart page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';

const CHARTS = dirname(createRequire(import.meta.url).resolve('lightweight-charts/package.json'));
const IMPORTS = {
  imports: {
    'lightweight-charts': '/packages/lightweight-charts.js',
    'liqbands-lightweight-charts': '/lib/liqbands-lightweight-charts.js',
  },
};
const HTML = `<!doctype html><html lang="en"><title>library</title>
<script type="importmap">${JSON.stringify(IMPORTS)}</script>
<div id="chart" style="width: 1280px; height: 720px"></div></html>`;
/** With these a browser's clock is fine enough to time one drawing. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Go to the page; it stands at the server's own address, beside `/lib`. */
export async function openLibraryPage(page: Page): Promise<void> {
  const charts = readFileSync(
    join(CHARTS, 'dist', 'lightweight-charts.standalone.production.mjs'),
    'utf8',
  );
  await page.route('**/packages/lightweight-charts.js', (route) =>
    route.fulfill({ body: charts, contentType: 'text/javascript', headers: ISOLATED }),
  );
  await page.route('**/library.html', (route) =>
    route.fulfill({ body: HTML, contentType: 'text/html', headers: ISOLATED }),
  );
  await page.goto('/library.html');
}
