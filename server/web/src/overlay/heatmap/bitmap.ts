/** The bitmap of a tile: one pixel per cell, the highest row on top. */
import type { HeatTile } from './tile';

/** Returns the colours of all bytes where 255 stands for a notional. */
export type LookUp = (max: number) => Uint32Array;

/** Return the colours of some columns, row by row from the highest. */
export function pixelsOf(
  tile: HeatTile,
  from: number,
  to: number,
  lookUp: LookUp,
): Uint32Array<ArrayBuffer> {
  const { rows, cells } = tile;
  const width = to - from;
  const pixels = new Uint32Array(width * rows);
  for (let column = from; column < to; column++) {
    const colors = lookUp(tile.max[column] ?? 0);
    const start = column * rows;
    let place = column - from;
    for (let row = rows - 1; row >= 0; row--, place += width) {
      pixels[place] = colors[cells[start + row] ?? 0] ?? 0;
    }
  }
  return pixels;
}

/** The bitmap, kept in step with its tile. */
export class TileBitmap {
  readonly canvas: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D;

  constructor(private readonly tile: HeatTile) {
    this.canvas = new OffscreenCanvas(tile.capacity, tile.rows);
    this.#context = contextOf(this.canvas);
  }

  /** Draw some columns anew from their bytes; all of them by default. */
  bake(lookUp: LookUp, from = 0, to = this.tile.columns): void {
    if (to <= from) return;
    const pixels = pixelsOf(this.tile, from, to, lookUp);
    const bytes = new Uint8ClampedArray(pixels.buffer);
    this.#context.putImageData(new ImageData(bytes, to - from, this.tile.rows), from, 0);
  }
}

/** Return the means to draw on a canvas. */
export function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('a canvas to draw heatmaps on must be 2d; there is none');
  return context;
}
