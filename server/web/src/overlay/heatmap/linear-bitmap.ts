/**
 * The visible part of a tile with rows that are equal steps of price, so that on a linear scale it is
 * one picture.  It is finer than the screen, and made anew only when that zooms or leaves it.
 */
import { contextOf, type TileBitmap } from './bitmap';
import { paintRows } from './strips';
import type { HeatTile } from './tile';
import type { Viewport } from './viewport';

/** Rows per pixel of the screen when it is made, and at most when it is drawn. */
const FINENESS = 1.4;
const FINEST = 3;
/** Visible heights that are made above and below the visible one. */
const MARGIN = 0.3;
const MOST_ROWS = 8_192;

/** Prices that a picture spans, and its rows per price. */
interface Span {
  low: number;
  high: number;
  density: number;
}

/** Columns from one to another, the latter left out. */
interface Columns {
  from: number;
  to: number;
}

/** Rows of a picture, and where they are drawn. */
export interface Strip {
  picture: OffscreenCanvas;
  top: number;
  rows: number;
  y: number;
  height: number;
}

/** The linear picture of a tile. */
export class LinearBitmap {
  #canvas: OffscreenCanvas | null = null;
  #span: Span = { low: 0, high: 0, density: 0 };
  /** First column that has changed, and the first after all of those. */
  #changed: Columns | null = null;

  constructor(
    private readonly tile: HeatTile,
    private readonly bitmap: TileBitmap,
  ) {}

  /** Know that some columns of the bitmap have changed. */
  touch(from: number, to: number): void {
    const before = this.#changed ?? { from, to };
    this.#changed = { from: Math.min(before.from, from), to: Math.max(before.to, to) };
  }

  /** Return what can be seen of the tile as one picture. */
  strip(view: Viewport): Strip {
    const seen = this.#seen(view);
    const kept = this.#isGood(seen) ? this.#canvas : null;
    const picture = kept ?? this.#make(seen);
    if (this.#changed !== null) this.#fill(picture, this.#changed);
    const { high, density } = this.#span;
    const top = Math.max(0, Math.floor((high - seen.high) * density));
    const bottom = Math.min(picture.height, Math.ceil((high - seen.low) * density));
    const y = Math.round(view.y(high - top / density));
    const height = Math.round(view.y(high - bottom / density)) - y;
    return { picture, top, rows: Math.max(bottom - top, 0), y, height };
  }

  /** Return the prices of the tile that can be seen. */
  #seen(view: Viewport): Span {
    const lowest = this.tile.edges[0] ?? 0;
    const highest = this.tile.edges[this.tile.rows] ?? 0;
    const density = (view.y(lowest) - view.y(highest)) / (highest - lowest);
    const priceAt = (y: number) => lowest + (view.y(lowest) - y) / density;
    const low = Math.max(lowest, priceAt(view.height));
    return { low, high: Math.max(low, Math.min(highest, priceAt(0))), density };
  }

  #isGood(seen: Span): boolean {
    const { low, high, density } = this.#span;
    const fineness = density / seen.density;
    const isInside = seen.low >= low && seen.high <= high;
    const isFine = fineness >= 1 || this.#canvas?.height === MOST_ROWS;
    return isInside && isFine && fineness <= FINEST;
  }

  #make(seen: Span): OffscreenCanvas {
    const margin = (seen.high - seen.low) * MARGIN;
    const low = Math.max(this.tile.edges[0] ?? 0, seen.low - margin);
    const high = Math.min(this.tile.edges[this.tile.rows] ?? 0, seen.high + margin);
    const wanted = Math.ceil((high - low) * seen.density * FINENESS);
    const rows = Math.min(Math.max(wanted, 1), MOST_ROWS);
    this.#span = { low, high, density: rows / (high - low) };
    this.touch(0, this.tile.columns);
    return this.#emptyCanvas(rows);
  }

  #fill(canvas: OffscreenCanvas, { from, to }: Columns): void {
    const { high, density } = this.#span;
    const y = (price: number) => (high - price) * density;
    const slice = { from, columns: to - from, x: from, width: to - from };
    const context = contextOf(canvas);
    context.clearRect(from, 0, to - from, canvas.height);
    paintRows(context, this.tile, this.bitmap.canvas, y, [slice], canvas.height);
    this.#changed = null;
  }

  #emptyCanvas(rows: number): OffscreenCanvas {
    const canvas = this.#canvas ?? new OffscreenCanvas(this.tile.capacity, rows);
    // Setting its height empties a canvas.
    canvas.height = rows;
    contextOf(canvas).imageSmoothingEnabled = false;
    this.#canvas = canvas;
    return canvas;
  }
}
