/** Draws a tile row by row, wherever its rows lie. */
import type { HeatTile } from './tile';
import type { Slice } from './viewport';

/** Draw the rows of a tile that lie between 0 and `height`, one after the other. */
export function paintRows(
  painter: Pick<CanvasRenderingContext2D, 'drawImage'>,
  tile: HeatTile,
  picture: OffscreenCanvas,
  y: (price: number) => number,
  slices: readonly Slice[],
  height: number,
): void {
  const { rows, edges } = tile;
  let lower = Math.round(y(edges[0] ?? 0));
  for (let row = 0; row < rows; row++) {
    const upper = Math.round(y(edges[row + 1] ?? 0));
    if (upper < lower && upper < height && lower > 0) {
      for (const { from, columns, x, width } of slices) {
        painter.drawImage(
          picture,
          from,
          rows - 1 - row,
          columns,
          1,
          x,
          upper,
          width,
          lower - upper,
        );
      }
    }
    lower = upper;
  }
}
