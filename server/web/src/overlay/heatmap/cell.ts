/** What a cell of a heatmap says, for tooltips. */
import { type About, rowAt, type Side, type Unit } from '../../client';
import type { HeatTile } from './tile';

/** One cell; prices in quote per base, notional in `unit`. */
export interface HeatmapCell {
  openTimeMs: number;
  /** When the column ends, unless it is still forming. */
  closeTimeMs: number;
  isForming: boolean;
  /** Place in its tile. */
  column: number;
  row: number;
  /** Edges of the row. */
  low: number;
  high: number;
  notional: number;
  /** Most by which `notional` may be too low, because it travelled as one byte. */
  resolution: number;
  /** Null where the mark lies in the row and its parts are not known. */
  longNotional: number | null;
  shortNotional: number | null;
  side: Side | 'both';
  /** Mark price at the column's close; null where it is not known. */
  mark: number | null;
  /** Share that may come from the book's beginning, 0 to 1; null where it is not known. */
  seedShare: number | null;
  unit: Unit;
  /** What the tile rests on; for columns that came by stream, what was known when it was loaded. */
  about: About;
}

/** Return the cell of a tile at a time and a price; null where there is none. */
export function cellOf(tile: HeatTile, timeMs: number, price: number): HeatmapCell | null {
  const column = tile.columnAt(timeMs);
  const row = rowAt(tile, price);
  if (column < 0 || row === null || timeMs >= tile.endOf(column)) return null;
  const facts = tile.columnFacts(column);
  const notional = tile.notional(column, row);
  return {
    openTimeMs: tile.openTimeMs[column] ?? Number.NaN,
    closeTimeMs: tile.endOf(column),
    isForming: tile.lastIsForming && column === tile.columns - 1,
    column,
    row,
    low: tile.edges[row] ?? Number.NaN,
    high: tile.edges[row + 1] ?? Number.NaN,
    notional,
    resolution: tile.resolution(column, row),
    ...sidesOf(notional, row, facts),
    mark: facts.mark,
    seedShare: facts.seedShare,
    unit: tile.grid.unit,
    about: tile.grid.about,
  };
}

type Sides = Pick<HeatmapCell, 'longNotional' | 'shortNotional' | 'side'>;

function sidesOf(
  notional: number,
  row: number,
  { splitRow, splitLong }: { splitRow: number; splitLong: number | null },
): Sides {
  if (row < splitRow) return { side: 'long', longNotional: notional, shortNotional: 0 };
  if (row > splitRow) return { side: 'short', longNotional: 0, shortNotional: notional };
  if (splitLong === null) return { side: 'both', longNotional: null, shortNotional: null };
  const long = Math.min(splitLong, notional);
  return { side: 'both', longNotional: long, shortNotional: notional - long };
}
