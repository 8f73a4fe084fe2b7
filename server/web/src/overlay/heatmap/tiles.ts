/** The tiles of a heatmap in order of time, their bitmaps, and the colours that all of them share. */
import type { HeatmapColumn, HeatmapGrid } from '../../client';
import { type IntensityRange, lookUpTable } from '../palette';
import type { TimeAxis } from '../time-axis';
import type { LookUp } from './bitmap';
import type { HeatmapPrimitiveOptions } from './options';
import { TilePainter } from './paint';
import { rangeOf } from './range';
import { gridOfColumn, HeatTile } from './tile';
import type { Painter, Viewport } from './viewport';

/** A tile, and what is kept to draw it from when it is first seen. */
interface Placed {
  tile: HeatTile;
  drawn: { painter: TilePainter; isBaked: boolean } | null;
}

/** Tiles out of sight whose bitmaps are kept all the same. */
const SPARE_BITMAPS = 6;

/** The automatic range stays while its new end is off by less than this factor. */
const STICKY = 1.25;

/** All tiles of a heatmap. */
export class Tiles {
  #placed: Placed[] = [];
  #range: IntensityRange = { low: 0, high: Number.MIN_VALUE };
  /** Largest byte's notional that the automatic range was made for. */
  #rangeMax = 0;
  readonly #tables = new Map<number, Uint32Array>();

  constructor(private options: HeatmapPrimitiveOptions) {}

  /** Show these tiles and no others. */
  set(grids: readonly HeatmapGrid[]): void {
    this.#placed = [];
    this.#rangeMax = 0;
    this.#range = { low: 0, high: Number.MIN_VALUE };
    for (const grid of grids) this.add(grid);
  }

  /** Show a tile as well; columns that it overlaps give way. */
  add(grid: HeatmapGrid): void {
    const tile = new HeatTile(grid);
    const rest = this.#placed.filter(
      (one) => one.tile.firstMs < tile.firstMs || one.tile.firstMs > tile.lastMs,
    );
    for (const one of rest) if (one.tile.firstMs < tile.firstMs) one.tile.cutFrom(tile.firstMs);
    this.#placed = [...rest, { tile, drawn: null }].sort((a, b) => a.tile.firstMs - b.tile.firstMs);
    this.#follow();
  }

  /** Replace or append a column; return whether it fits. */
  put(column: HeatmapColumn): boolean {
    const found = this.#placed.findLast((one) => one.tile.firstMs <= column.openTimeMs);
    if (found === undefined) return false;
    if (
      found === this.#placed.at(-1) &&
      found.tile.isFull &&
      column.openTimeMs > found.tile.lastMs
    ) {
      this.add(gridOfColumn(found.tile.grid, column));
      return true;
    }
    const place = found.tile.put(column);
    if (place === null) return false;
    this.#follow();
    if (found.drawn?.isBaked) found.drawn.painter.bake(this.#look, place, place + 1);
    return true;
  }

  /** Take other options; bitmaps are baked anew from their bytes. */
  style(options: HeatmapPrimitiveOptions): void {
    this.options = options;
    this.#repaint();
  }

  /** Return the range in force. */
  range(): IntensityRange {
    return this.options.range ?? this.#range;
  }

  /** Return the tile in which a time lies. */
  at(timeMs: number): HeatTile | null {
    return this.#placed.findLast((one) => one.tile.firstMs <= timeMs)?.tile ?? null;
  }

  /** Draw what can be seen. */
  paint(painter: Painter, view: Viewport, axis: TimeAxis, leadTo: number | null): void {
    const newest = this.#placed.at(-1);
    const seen = this.#placed.filter((one) => isSeen(one, newest, view, axis));
    for (const one of seen) {
      this.#baked(one).paint(painter, view, axis, one === newest ? leadTo : null);
    }
    const unseen = this.#placed.filter((one) => one.drawn !== null && !seen.includes(one));
    for (const one of unseen.slice(SPARE_BITMAPS)) one.drawn = null;
  }

  #baked(one: Placed): TilePainter {
    one.drawn ??= { painter: new TilePainter(one.tile), isBaked: false };
    if (!one.drawn.isBaked) one.drawn.painter.bake(this.#look);
    one.drawn.isBaked = true;
    return one.drawn.painter;
  }

  /** Let the automatic range follow the newest tile, when its scale changes and not before. */
  #follow(): void {
    const newest = this.#placed.at(-1)?.tile;
    const max = newest?.max[newest.columns - 1] ?? 0;
    if (newest === undefined || max === this.#rangeMax) return;
    this.#rangeMax = max;
    const range = rangeOf(newest);
    if (Math.abs(Math.log(range.high / this.#range.high)) < Math.log(STICKY)) return;
    this.#range = range;
    if (this.options.range === null) this.#repaint();
  }

  #repaint(): void {
    this.#tables.clear();
    for (const { drawn } of this.#placed) if (drawn !== null) drawn.isBaked = false;
  }

  readonly #look: LookUp = (max) => {
    const known = this.#tables.get(max);
    if (known !== undefined) return known;
    const made = lookUpTable({ ...this.options, range: this.range() }, max);
    this.#tables.set(max, made);
    return made;
  };
}

function isSeen(one: Placed, newest: Placed | undefined, view: Viewport, axis: TimeAxis): boolean {
  const isRightOf = axis.indexOf(one.tile.firstMs) > view.indexAt(view.width);
  // The newest tile may be stretched to the right.
  const isLeftOf = one !== newest && axis.indexOf(one.tile.lastMs) + 1 < view.indexAt(0);
  return !isRightOf && !isLeftOf;
}
