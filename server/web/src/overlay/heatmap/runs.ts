/** Which bars the columns of a tile cover, as runs that can be drawn as one piece. */
import type { TimeAxis } from '../time-axis';
import type { HeatTile } from './tile';

/** Columns side by side that cover as many bars each. */
export interface Run {
  /** First column, and how many. */
  column: number;
  count: number;
  /** First bar, and bars per column. */
  index: number;
  barsPerColumn: number;
}

/**
 * Return the runs of a tile.  A column covers the bars that open while it is in force: coarser
 * columns cover several, a column without bars none, and a bar without a column is left out.
 */
export function runsOf(tile: HeatTile, axis: TimeAxis): Run[] {
  const runs: Run[] = [];
  for (let column = 0; column < tile.columns; column++) {
    const index = axis.indexOf(tile.openTimeMs[column] ?? 0);
    const barsPerColumn = axis.indexOf(tile.endOf(column)) - index;
    const last = runs.at(-1);
    if (barsPerColumn === 0) continue;
    if (last !== undefined && continues(last, column, index, barsPerColumn)) last.count += 1;
    else runs.push({ column, count: 1, index, barsPerColumn });
  }
  return runs;
}

function continues(run: Run, column: number, index: number, barsPerColumn: number): boolean {
  return (
    run.barsPerColumn === barsPerColumn &&
    run.column + run.count === column &&
    run.index + run.count * run.barsPerColumn === index
  );
}

/** Columns beyond which the last one says nothing about a later bar. */
const LONGEST_LEAD = 2;

/**
 * Return the last column stretched over the bars after it, which have no column yet: the forming
 * bar, and what lies to the right up to `toIndex`.  Null where the heatmap ends long before.
 */
export function leadOf(runs: readonly Run[], barCount: number, toIndex: number): Run | null {
  const last = runs.at(-1);
  if (last === undefined) return null;
  const index = last.index + last.count * last.barsPerColumn;
  const isCurrent = barCount - index <= LONGEST_LEAD * last.barsPerColumn;
  if (!isCurrent || toIndex <= index) return null;
  return { column: last.column + last.count - 1, count: 1, index, barsPerColumn: toIndex - index };
}

/** Runs of a tile, worked out again only when the bars that it covers have moved. */
export class RunCache {
  #runs: readonly Run[] = [];
  #key = '';

  /** Return the runs of a tile among the bars of now. */
  get(tile: HeatTile, axis: TimeAxis): readonly Run[] {
    const end = tile.endOf(tile.columns - 1);
    const key = `${tile.columns} ${axis.indexOf(tile.firstMs)} ${axis.indexOf(end)}`;
    if (key !== this.#key) {
      this.#key = key;
      this.#runs = runsOf(tile, axis);
    }
    return this.#runs;
  }
}
