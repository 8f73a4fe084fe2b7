/** The pixels are the engine's numbers in the palette's colours. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  type Background,
  heatColor,
  heatOf,
  type IntensityRange,
  type PaletteName,
} from '../../src/overlay/palette';
import { openChart, useBrowser } from './browser';
import { ask } from './market';
import { hideAllButHeat, type Pixel, pixelsAt, type Place } from './picture';

useBrowser();

/** The answer of `/heatmap?format=json`: exact numbers, as runs of rows for each column. */
interface Exact {
  rows: { count: number; p0: number; dp: number };
  columns: { open_time_ms: number[] };
  cells: [number, number[]][][];
}

interface Cell extends Place {
  notional: number;
}

/** Return the middles of all cells of the newest columns but the last, which may still move. */
function cellsOf({ rows, columns, cells }: Exact, newest: number): Cell[] {
  const travelled = asByte(cells);
  const times = columns.open_time_ms.slice(-newest - 1, -1);
  return cells.slice(-newest - 1, -1).flatMap((runs, at) => {
    const column = new Float64Array(rows.count);
    for (const [first, values] of runs) column.set(values, first);
    return Array.from(column, (notional, row) => ({
      timeMs: times[at] ?? Number.NaN,
      price: rows.p0 * Math.exp((row + 0.5) * rows.dp),
      notional: travelled(notional),
    }));
  });
}

/** Return what a notional is after it has travelled as one byte, as the formats' description says. */
function asByte(cells: Exact['cells']): (notional: number) => number {
  const most = Math.max(...cells.flatMap((runs) => runs.flatMap(([, values]) => values)));
  const max = 2 ** Math.ceil(Math.log2(most));
  return (notional) => max * (Math.floor(255 * Math.sqrt(notional / max)) / 255) ** 2;
}

/** Return what the palette makes of a notional in front of the chart's own colour. */
function colourOf(
  notional: number,
  style: { palette: PaletteName; tone: Background; range: IntensityRange; ground: Pixel },
): Pixel {
  const heat = heatOf(notional, style.range);
  const [red, green, blue, alpha] = heatColor(style.palette, style.tone, heat);
  const mix = (front: number, back: number): number => front * alpha + back * (1 - alpha);
  const [r, g, b] = style.ground;
  return [mix(red, r), mix(green, g), mix(blue, b)];
}

const isNear = (one: Pixel, other: Pixel, within: number): boolean =>
  one.every((value, channel) => Math.abs(value - (other[channel] ?? 0)) <= within);

/** Return the heatmap that the page has asked for, in exact numbers. */
async function exactOf(answered: readonly string[]): Promise<Exact> {
  const newest = answered.findLast((url) => url.includes('/api/v1/heatmap'));
  if (newest === undefined) throw new Error('the page has asked for no heatmap');
  const { pathname, searchParams } = new URL(newest);
  searchParams.set('format', 'json');
  return ask<Exact>(`${pathname}?${searchParams}`);
}

async function groundOf(page: Page): Promise<Pixel> {
  const colour = await page.evaluate(() => {
    const { background } = window.liqbands?.chart.options().layout ?? {};
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    if (!context || !background || !('color' in background)) throw new Error('no plain ground');
    context.fillStyle = background.color;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  });
  return [colour[0] ?? 0, colour[1] ?? 0, colour[2] ?? 0];
}

test.each([
  ['classic', 'dark', 'log'],
  ['safe', 'light', 'linear'],
] as const)('%s on %s, %s scale', async (palette, tone, scale) => {
  const view = `?layers=heat&timeframe=1h&window=1d&palette=${palette}&theme=${tone}&scale=${scale}`;
  const { page, answered } = await openChart(`/${view}`);
  const exact = await exactOf(answered);
  const range = await page.evaluate(() => window.liqbands?.heatmap.range());
  if (range === undefined) throw new Error('the heatmap has no range');
  await hideAllButHeat(page);
  const style = { palette, tone, range, ground: await groundOf(page) };
  const cells = cellsOf(exact, 20);
  const pixels = await pixelsAt(page, cells);
  const seen = cells.flatMap((cell, at) => {
    const pixel = pixels[at];
    return pixel ? [{ pixel, wanted: colourOf(cell.notional, style) }] : [];
  });
  const right = seen.filter(({ pixel, wanted }) => isNear(pixel, wanted, 3));
  expect(seen.length).toBeGreaterThan(1000);
  expect(new Set(seen.map(({ pixel }) => pixel.join())).size).toBeGreaterThan(20);
  expect(right.length / seen.length).toBeGreaterThan(0.99);
});
