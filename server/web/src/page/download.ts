/** What is shown, as a file. */
import type { MenuItem } from './controls/menu';
import { element } from './dom';
import type { Page } from './page';
import { heatmapQuery } from './question';
import { toneOf } from './theme';

const WIDTH = 2560;
const HEIGHT = 1440;

/**
 * Return the files that are offered.
 *
 * @param picture - Draws the chart as it is; null while there is none.
 */
export function downloadItems(
  page: Page,
  picture: () => HTMLCanvasElement | null,
): readonly MenuItem[] {
  const table = (format: 'csv' | 'parquet'): void =>
    save(page.client.heatmapAddress({ ...heatmapQuery(page), format }), fileName(page, format));
  return [
    {
      label: 'Chart as shown',
      note: 'PNG',
      icon: 'download',
      run: () => saveCanvas(picture(), fileName(page, 'chart.png')),
    },
    {
      label: `Heatmap, ${WIDTH} × ${HEIGHT}`,
      note: 'PNG',
      icon: 'download',
      run: () => save(pictureAddress(page), fileName(page, 'png')),
    },
    { label: 'Heatmap as table', note: 'CSV', icon: 'download', run: () => table('csv') },
    { label: 'Heatmap as table', note: 'Parquet', icon: 'download', run: () => table('parquet') },
  ];
}

/** Return the name of a file about what is shown. */
export function fileName(page: Page, extension: string): string {
  const symbol = page.facts.value.listing?.symbol ?? 'liqbands';
  const name = [symbol, page.facts.value.timeframe].filter(Boolean).join('-');
  return `${name.replace(/[^A-Za-z0-9.-]+/g, '-')}.${extension}`;
}

/** Save a text as a file. */
export function saveText(text: string, name: string): void {
  saveBlob(new Blob([text], { type: 'text/plain' }), name);
}

function pictureAddress(page: Page): string {
  const { palette, theme } = page.view.value;
  const plain = toneOf(theme) === 'light' ? 'light' : 'dark';
  const dress = palette === 'classic' ? plain : palette;
  return page.client.heatmapAddress({
    ...heatmapQuery(page),
    format: 'png',
    width: WIDTH,
    height: HEIGHT,
    theme: dress,
  });
}

function saveCanvas(canvas: HTMLCanvasElement | null, name: string): void {
  canvas?.toBlob((blob) => {
    if (blob !== null) saveBlob(blob, name);
  });
}

function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  save(address, name);
  // The browser reads it after this turn; a second is plenty.
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}

function save(href: string, download: string): void {
  element('a', { href, download }).click();
}
