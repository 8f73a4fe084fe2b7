import { afterEach, expect, test } from 'vitest';
import { type HeatmapGrid, type HeatmapQuery, LiqbandsClient } from '../../client';
import { binaryHeatmap } from '../../client/testing/binary-heatmap';
import { listen, type LoopbackServer, sendJson } from '../../client/testing/loopback-server';
import { smallColumn } from '../testing/small-grid';
import { TileLoader } from './tile-loader';

const MINUTE_MS = 60_000;
const TILE_MS = 512 * MINUTE_MS;
const STEP = 0.0005;
const FIRST_BAR_MS = TILE_MS;

let server: LoopbackServer;
afterEach(() => server.close());

/** What a loader has told. */
interface Told {
  tiles: HeatmapGrid[];
  columns: number[];
  rows: HeatmapQuery[];
  problems: string[];
}

/** Return a loader of a server whose market begins at the second tile, and what it tells. */
async function loaderOf(isDown = () => false) {
  server = await listen((request, response) => {
    const asked = new URL(request.url ?? '', 'http://x').searchParams;
    const [from, to] = [Number(asked.get('from')), Number(asked.get('to'))];
    if (isDown()) sendJson(response, { detail: 'busy' }, 503);
    else if (to <= FIRST_BAR_MS) sendJson(response, { detail: 'no bars' }, 400);
    else response.end(new Uint8Array(answer(asked, Math.max(from, FIRST_BAR_MS))));
  });
  const told: Told = { tiles: [], columns: [], rows: [], problems: [] };
  const client = new LiqbandsClient({ baseUrl: server.baseUrl });
  const loader = new TileLoader(client, { symbol: 'S', timeframe: '1m' }, MINUTE_MS, {
    addTile: (grid) => told.tiles.push(grid),
    setColumn: (column) => told.columns.push(column.openTimeMs) > 0,
    tileAsked: () => undefined,
    rowsChanged: (query) => told.rows.push(query),
    problem: (problem) => told.problems.push(problem.message),
  });
  return { loader, told };
}

/** Answer as the server does: whole rows, counted from the price 1, no more than asked for. */
function answer(asked: URLSearchParams, firstMs: number): ArrayBuffer {
  const bin = (name: string) => Math.floor(Math.log(Number(asked.get(name))) / STEP);
  let binsPerRow = Math.max(
    1,
    Math.ceil((bin('high') - bin('low') + 1) / Number(asked.get('bins'))),
  );
  const count = () =>
    Math.floor(bin('high') / binsPerRow) - Math.floor(bin('low') / binsPerRow) + 1;
  while (count() > Number(asked.get('bins'))) binsPerRow += 1;
  const firstBin = Math.floor(bin('low') / binsPerRow) * binsPerRow;
  const cells = [new Array<number>(count()).fill(1)];
  return binaryHeatmap({
    step: STEP,
    firstBin,
    binsPerRow,
    openTimeMs: [firstMs],
    cells,
    asOfMs: 5 * TILE_MS,
  });
}

const questions = () => server.asked.map((path) => new URL(path, 'http://x').searchParams);
const seenAt = (tile: number, low = 95, high = 105) => ({
  fromMs: tile * TILE_MS + 5 * MINUTE_MS,
  toMs: tile * TILE_MS + 50 * MINUTE_MS,
  prices: { low, high },
});

test('what can be seen is asked for, and one tile left of it, both aligned', async () => {
  const { loader } = await loaderOf();
  await loader.show(seenAt(5));
  expect(questions().map((asked) => Number(asked.get('from')) / TILE_MS)).toEqual([5, 4]);
  expect(
    questions().every((asked) => Number(asked.get('to')) - Number(asked.get('from')) === TILE_MS),
  ).toBe(true);
});

test('nothing is asked for twice', async () => {
  const { loader } = await loaderOf();
  await loader.show(seenAt(5));
  await loader.show(seenAt(5, 96, 104));
  expect(server.asked).toHaveLength(2);
});

test('all tiles have rows of one height, on one grid', async () => {
  const { loader, told } = await loaderOf();
  await loader.show(seenAt(5));
  await loader.show(seenAt(4, 84, 92));
  const [first, ...others] = told.tiles;
  expect(told.tiles).toHaveLength(4);
  for (const grid of others) {
    expect(grid.dp).toBe(first?.dp);
    const shift = Math.log(grid.p0 / (first?.p0 ?? 1)) / grid.dp;
    expect(shift).toBeCloseTo(Math.round(shift), 6);
  }
});

test('a chart zoomed in far gets finer rows', async () => {
  const { loader, told } = await loaderOf();
  await loader.show(seenAt(5, 50, 150));
  await loader.show(seenAt(5, 99, 101));
  expect(told.tiles.at(-1)?.dp).toBeLessThan((told.tiles[0]?.dp ?? 0) / 3);
});

test('a tile that has closed always has the same address', async () => {
  const { loader } = await loaderOf();
  await loader.show(seenAt(5));
  expect(questions().map((asked) => asked.get('as_of'))).toEqual([null, String(5 * TILE_MS)]);
});

test('live columns are wanted on the rows of the tiles', async () => {
  const { loader, told } = await loaderOf();
  await loader.show(seenAt(5));
  const last = questions().at(-1);
  expect(told.rows).toHaveLength(1);
  expect(told.rows[0]?.rows).toBe(Number(last?.get('bins')));
});

test('what lies before the market is asked for once', async () => {
  const { loader, told } = await loaderOf();
  await loader.show(seenAt(1));
  await loader.show(seenAt(1));
  expect(questions().map((asked) => Number(asked.get('from')) / TILE_MS)).toEqual([1, 0]);
  expect(told.problems).toEqual([]);
});

test('what could not be answered is told, and asked for again', async () => {
  let isDown = true;
  const { loader, told } = await loaderOf(() => isDown);
  await loader.show(seenAt(5));
  isDown = false;
  await loader.show(seenAt(5));
  expect([told.problems, told.tiles.length]).toEqual([['busy'], 2]);
});

test('columns that came while their tile was asked for are shown on it', async () => {
  const { loader, told } = await loaderOf();
  const shown = loader.show(seenAt(5));
  loader.put(smallColumn(5 * TILE_MS + MINUTE_MS));
  told.columns.length = 0;
  await shown;
  expect(told.columns).toEqual([5 * TILE_MS + MINUTE_MS]);
});

test('after a reset everything is asked for again', async () => {
  const { loader } = await loaderOf();
  await loader.show(seenAt(5));
  loader.reset();
  await loader.show(seenAt(5));
  expect(server.asked).toHaveLength(4);
});
