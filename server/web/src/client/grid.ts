/** Heatmaps in bytes: the binary format decoded, and what its bytes and rows stand for. */
import { aboutOf, type Document } from './answers';
import type { HeatmapGrid } from './types';

const MAGIC = 0x4d48514c; // "LQHM", read little-endian
const VERSION = 1;
const LEVELS = 255;
const FORMING = 4;

/** Return the notional that byte `q` stands for where 255 stands for `max`. */
export function notionalOf(q: number, max: number): number {
  return max * (q / LEVELS) ** 2;
}

/** The rows of a heatmap, of a column, or of anything else on the same kind of grid. */
export interface Rows {
  /** Lower edge of row 0. */
  readonly p0: number;
  /** Height of a row, natural logarithm. */
  readonly dp: number;
  readonly rows: number;
}

/** Return the lower edge of a row; its upper edge is the lower edge of the next one. */
export function rowPrice(grid: Pick<Rows, 'p0' | 'dp'>, row: number): number {
  return grid.p0 * Math.exp(row * grid.dp);
}

/** Return the row that a price lies in, null outside.  A lower edge belongs to its row. */
export function rowAt(grid: Rows, price: number): number | null {
  const place = Math.log(price / grid.p0) / grid.dp;
  const nearest = Math.round(place);
  // On an edge the logarithm may be a rounding error short of it.
  const row = price === rowPrice(grid, nearest) ? nearest : Math.floor(place);
  return row >= 0 && row < grid.rows ? row : null;
}

/**
 * Return the heatmap of a `format=binary` answer.
 *
 * @throws RangeError if it is no such answer, or of another version.
 */
export function decodeHeatmap(buffer: ArrayBuffer): HeatmapGrid {
  const view = new DataView(buffer);
  check(view);
  const head = headOf(view);
  const { columns, rows } = head;
  const start = view.getUint16(6, true);
  const bytes = (place: number, length: number) =>
    new Uint8Array(buffer, start + place * columns, length);
  const end = start + (18 + rows) * columns;
  const rest = new TextDecoder().decode(new Uint8Array(buffer, end, view.getUint32(60, true)));
  const document = JSON.parse(rest) as Document;
  return {
    ...head,
    symbol: document['symbol'] as string,
    timeframe: document['timeframe'] as string,
    openTimeMs: runningTimes(new BigInt64Array(buffer, start, columns)),
    mark: new Float32Array(buffer, start + 8 * columns, columns),
    splitRow: new Int32Array(buffer, start + 12 * columns, columns),
    splitLong: bytes(16, columns),
    seedShare: bytes(17, columns),
    cells: runningCells(bytes(18, columns * rows), rows),
    about: aboutOf(document),
  };
}

function check(view: DataView): void {
  if (view.byteLength < 64 || view.getUint32(0, true) !== MAGIC) {
    throw new RangeError('a heatmap must begin with LQHM; this answer is something else');
  }
  const version = view.getUint16(4, true);
  if (version !== VERSION) {
    throw new RangeError(`version of the heatmap must be ${VERSION}, was ${version}`);
  }
}

function headOf(view: DataView) {
  const step = view.getFloat64(16, true);
  const flags = view.getUint8(59);
  return {
    columns: view.getUint32(8, true),
    rows: view.getUint32(12, true),
    p0: Math.exp(view.getInt32(24, true) * step),
    dp: view.getUint32(28, true) * step,
    timeframeMs: Number(view.getBigInt64(40, true)),
    max: view.getFloat64(48, true),
    norm: view.getInt16(56, true),
    unit: (flags & 1) === 0 ? ('quote' as const) : ('relative' as const),
    lastIsForming: (flags & FORMING) !== 0,
  };
}

function runningTimes(steps: BigInt64Array): Float64Array {
  const times = Float64Array.from(steps, Number);
  for (let i = 1; i < times.length; i++) times[i] = (times[i] ?? 0) + (times[i - 1] ?? 0);
  return times;
}

/** Return each column as the sum, modulo 256, of its steps and those of the columns before it. */
function runningCells(steps: Uint8Array, rows: number): Uint8Array {
  const cells = steps.slice();
  for (let i = rows; i < cells.length; i++) cells[i] = (cells[i] ?? 0) + (cells[i - rows] ?? 0);
  return cells;
}
