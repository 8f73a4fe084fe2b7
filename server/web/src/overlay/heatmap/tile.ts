/** A part of a heatmap that is drawn as one bitmap: its bytes, and how columns are added to them. */
import { type HeatmapColumn, type HeatmapGrid, notionalOf } from '../../client';

/** Columns that a tile has room for at least. */
export const TILE_COLUMNS = 512;

const UNKNOWN = -1;

/** Columns of bytes with a scale each, on rows that all of them share. */
export class HeatTile {
  readonly p0: number;
  readonly dp: number;
  readonly rows: number;
  readonly timeframeMs: number;
  readonly capacity: number;
  /** Lower edges of the rows, and the upper edge of the last. */
  readonly edges: Float64Array;
  readonly openTimeMs: Float64Array;
  readonly cells: Uint8Array;
  /** Notional of byte 255 in each column. */
  readonly max: Float64Array;
  columns: number;
  lastIsForming: boolean;

  readonly #splitRow: Int32Array;
  /** Bytes; -1 where it is not known. */
  readonly #splitLong: Int16Array;
  readonly #mark: Float32Array;
  readonly #seedShare: Float32Array;

  /** @param grid - The heatmap, which is copied and stays as it is. */
  constructor(readonly grid: HeatmapGrid) {
    const { columns, rows, p0, dp } = grid;
    this.p0 = p0;
    this.dp = dp;
    this.rows = rows;
    this.timeframeMs = grid.timeframeMs;
    this.capacity = Math.max(columns, TILE_COLUMNS);
    this.columns = columns;
    this.lastIsForming = grid.lastIsForming;
    this.edges = Float64Array.from({ length: rows + 1 }, (_, row) => p0 * Math.exp(row * dp));
    this.openTimeMs = placed(new Float64Array(this.capacity), grid.openTimeMs);
    this.cells = placed(new Uint8Array(this.capacity * rows), grid.cells);
    this.max = new Float64Array(this.capacity).fill(grid.max);
    this.#splitRow = placed(new Int32Array(this.capacity), grid.splitRow);
    this.#splitLong = placed(new Int16Array(this.capacity), grid.splitLong);
    this.#mark = placed(new Float32Array(this.capacity), grid.mark);
    this.#seedShare = placed(
      new Float32Array(this.capacity),
      Float32Array.from(grid.seedShare, (share) => share / 255),
    );
  }

  /** Open time of the first column. */
  get firstMs(): number {
    return this.openTimeMs[0] ?? Number.NaN;
  }

  /** Open time of the last column. */
  get lastMs(): number {
    return this.openTimeMs[this.columns - 1] ?? Number.NaN;
  }

  /** Whether there is no room for another column. */
  get isFull(): boolean {
    return this.columns === this.capacity;
  }

  /** Return the column that opens last at or before a time; -1 before all of them. */
  columnAt(timeMs: number): number {
    let low = 0;
    let high = this.columns;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.openTimeMs[middle] ?? 0) <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Return until when a column is in force: where the next one opens, unless there is a gap. */
  endOf(column: number): number {
    const end = (this.openTimeMs[column] ?? 0) + this.timeframeMs;
    const next = column + 1 < this.columns ? (this.openTimeMs[column + 1] ?? end) : end;
    // Months differ in length from the 30 days that they are counted as.
    return Math.abs(next - end) < 0.1 * this.timeframeMs ? next : end;
  }

  /** Leave out the columns that open at a time or later. */
  cutFrom(timeMs: number): void {
    if (timeMs > this.lastMs) return;
    this.columns = this.columnAt(timeMs - 1) + 1;
    this.lastIsForming = false;
  }

  /** Return the notional of a cell. */
  notional(column: number, row: number): number {
    const q = this.cells[column * this.rows + row] ?? 0;
    return notionalOf(q, this.max[column] ?? 0);
  }

  /** Return by how much a cell's notional may be too low, because it travelled as one byte. */
  resolution(column: number, row: number): number {
    const q = this.cells[column * this.rows + row] ?? 0;
    return ((this.max[column] ?? 0) * (2 * q + 1)) / 255 ** 2;
  }

  /** Return what is known about a column besides its cells. */
  columnFacts(column: number): ColumnFacts {
    const splitLong = this.#splitLong[column] ?? UNKNOWN;
    return {
      splitRow: this.#splitRow[column] ?? UNKNOWN,
      splitLong: splitLong < 0 ? null : notionalOf(splitLong, this.max[column] ?? 0),
      mark: finite(this.#mark[column]),
      seedShare: finite(this.#seedShare[column]),
    };
  }

  /**
   * Replace the column of the same open time, or append one that is newer.
   *
   * @returns The column's number; null if it is on other rows, has no place here, or none is left.
   */
  put(column: HeatmapColumn): number | null {
    const shift = this.#shiftOf(column);
    const place = this.#placeOf(column.openTimeMs);
    if (shift === null || place === null) return null;
    const isLast = place >= this.columns - 1;
    this.columns = Math.max(this.columns, place + 1);
    if (isLast) this.lastIsForming = !column.closed;
    this.openTimeMs[place] = column.openTimeMs;
    this.max[place] = column.max;
    this.#splitRow[place] = Math.min(Math.max(column.splitRow + shift, -1), this.rows);
    this.#splitLong[place] = column.splitLong ?? UNKNOWN;
    this.#mark[place] = Number.NaN;
    this.#seedShare[place] = Number.NaN;
    for (let row = 0; row < this.rows; row++) {
      this.cells[place * this.rows + row] = column.cells[row - shift] ?? 0;
    }
    return place;
  }

  /** Return by how many rows of this tile a column begins later; null on other rows. */
  #shiftOf(column: HeatmapColumn): number | null {
    if (Math.abs(column.dp / this.dp - 1) > 1e-9) return null;
    const shift = Math.log(column.p0 / this.p0) / this.dp;
    return Math.abs(shift - Math.round(shift)) < 1e-3 ? Math.round(shift) : null;
  }

  #placeOf(openTimeMs: number): number | null {
    if (this.columns === 0 || openTimeMs > this.lastMs) {
      return this.columns < this.capacity ? this.columns : null;
    }
    const place = this.columnAt(openTimeMs);
    return this.openTimeMs[place] === openTimeMs ? place : null;
  }
}

/** What is known about a column; null is unknown. */
export interface ColumnFacts {
  /** Row of the mark: longs below, shorts above. */
  splitRow: number;
  /** Long notional of that row. */
  splitLong: number | null;
  /** Mark price at its close. */
  mark: number | null;
  /** Share that may come from the book's beginning, 0 to 1. */
  seedShare: number | null;
}

function placed<T extends { set(from: ArrayLike<number>): void }>(
  room: T,
  values: ArrayLike<number>,
): T {
  room.set(values);
  return room;
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** Return a heatmap of one column, on whose right there is room for more. */
export function gridOfColumn(grid: HeatmapGrid, column: HeatmapColumn): HeatmapGrid {
  const { rows, p0, dp, norm, max, unit, cells } = column;
  return {
    ...grid,
    ...{ rows, p0, dp, norm, max, unit, cells },
    columns: 1,
    openTimeMs: Float64Array.of(column.openTimeMs),
    splitRow: Int32Array.of(column.splitRow),
    splitLong: Uint8Array.of(column.splitLong ?? 0),
    mark: Float32Array.of(Number.NaN),
    seedShare: Uint8Array.of(0),
    lastIsForming: !column.closed,
  };
}
