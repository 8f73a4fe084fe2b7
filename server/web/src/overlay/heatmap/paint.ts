/**
 * Draws tiles.  Rows are geometric, so on a logarithmic scale they are equally high and a tile is one
 * picture.  On a linear scale it is one picture as well, of a copy whose rows are equal steps of
 * price.  On any other scale every row is drawn by itself.
 */
import { type LookUp, TileBitmap } from './bitmap';
import { LinearBitmap, type Strip } from './linear-bitmap';
import { leadOf, type Run, RunCache } from './runs';
import { paintRows } from './strips';
import type { TimeAxis } from '../time-axis';
import type { HeatTile } from './tile';
import { mirrored, type Painter, type Slice, sliceOf, type Viewport } from './viewport';

/** Pixels by which a row may lie beside its place. */
const TOLERANCE = 0.5;

/** A tile with all that is kept to draw it quickly. */
export class TilePainter {
  readonly #bitmap: TileBitmap;
  readonly #linear: LinearBitmap;
  readonly #runs = new RunCache();

  constructor(private readonly tile: HeatTile) {
    this.#bitmap = new TileBitmap(tile);
    this.#linear = new LinearBitmap(tile, this.#bitmap);
  }

  /** Draw some columns of the bitmap anew; all of them by default. */
  bake(lookUp: LookUp, from = 0, to = this.tile.columns): void {
    this.#bitmap.bake(lookUp, from, to);
    this.#linear.touch(from, to);
  }

  /**
   * Draw what can be seen of the tile.
   *
   * @param leadTo - Up to this bar the last column is repeated where bars have none yet.
   */
  paint(painter: Painter, view: Viewport, axis: TimeAxis, leadTo: number | null): void {
    const slices = this.#slices(view, axis, leadTo);
    if (slices.length === 0) return;
    const isInverted = view.y(this.#edge(0)) < view.y(this.#edge(this.tile.rows));
    painter.save();
    if (isInverted) painter.transform(1, 0, 0, -1, 0, view.height);
    this.#paintUpright(painter, isInverted ? mirrored(view) : view, slices);
    painter.restore();
  }

  #slices(view: Viewport, axis: TimeAxis, leadTo: number | null): Slice[] {
    const runs: Run[] = [...this.#runs.get(this.tile, axis)];
    const lead = leadTo === null ? null : leadOf(runs, axis.count(), leadTo);
    if (lead !== null) runs.push(lead);
    return runs.map((run) => sliceOf(run, view)).filter((slice) => slice !== null);
  }

  #paintUpright(painter: Painter, view: Viewport, slices: readonly Slice[]): void {
    const strip = this.#strip(view);
    if (strip === null) {
      paintRows(
        painter,
        this.tile,
        this.#bitmap.canvas,
        (price) => view.y(price),
        slices,
        view.height,
      );
      return;
    }
    for (const { from, columns, x, width } of slices) {
      const { picture, top, rows, y, height } = strip;
      painter.drawImage(picture, from, top, columns, rows, x, y, width, height);
    }
  }

  /** Return the whole tile as one picture; null on a scale that is neither logarithmic nor linear. */
  #strip(view: Viewport): Strip | null {
    const low = this.#edge(0);
    const high = this.#edge(this.tile.rows);
    const middle = (view.y(low) + view.y(high)) / 2;
    if (Math.abs(view.y(Math.sqrt(low * high)) - middle) <= TOLERANCE) return this.#even(view);
    if (Math.abs(view.y((low + high) / 2) - middle) <= TOLERANCE) return this.#linear.strip(view);
    return null;
  }

  #even(view: Viewport): Strip | null {
    const { rows } = this.tile;
    const bottom = view.y(this.#edge(0));
    const perRow = (bottom - view.y(this.#edge(rows))) / rows;
    // Only rows that can be seen: zoomed in far, the whole picture would be huge.
    const first = Math.max(0, Math.floor((bottom - view.height) / perRow));
    const last = Math.min(rows, Math.ceil(bottom / perRow));
    if (last <= first) return { picture: this.#bitmap.canvas, top: 0, rows: 0, y: 0, height: 0 };
    const y = Math.round(bottom - last * perRow);
    const height = Math.round(bottom - first * perRow) - y;
    return { picture: this.#bitmap.canvas, top: rows - last, rows: last - first, y, height };
  }

  #edge(row: number): number {
    return this.tile.edges[row] ?? Number.NaN;
  }
}
