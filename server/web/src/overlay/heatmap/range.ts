/** The intensity range of its own accord: capped where few cells lie above, so none turns the rest dark. */
import { notionalOf } from '../../client';
import type { IntensityRange } from '../palette';
import type { HeatTile } from './tile';

/** Share of the cells that are not empty below the cap. */
const CAP_QUANTILE = 0.995;

/** Return the range from nothing to what all but few cells of a tile lie below. */
export function rangeOf(tile: HeatTile): IntensityRange {
  const max = Math.max(...tile.max.subarray(0, tile.columns));
  const counts = histogram(tile, max);
  const cap = quantile(counts, CAP_QUANTILE);
  return { low: 0, high: cap === 0 ? 1 : notionalOf(cap, max) };
}

/** Return how many cells have each byte, on the scale of one maximum. */
function histogram(tile: HeatTile, max: number): Uint32Array {
  const counts = new Uint32Array(256);
  const end = tile.columns * tile.rows;
  for (let place = 0; place < end; place++) {
    const q = tile.cells[place] ?? 0;
    const own = tile.max[Math.floor(place / tile.rows)] ?? max;
    const scaled = own === max ? q : Math.floor(q * Math.sqrt(own / max));
    counts[scaled] = (counts[scaled] ?? 0) + 1;
  }
  return counts;
}

/** Return the byte that a share of the cells above 0 do not exceed; 0 where all are empty. */
function quantile(counts: Uint32Array, share: number): number {
  const standing = counts.subarray(1).reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (let q = 1; q < 256; q++) {
    below += counts[q] ?? 0;
    if (below > 0 && below >= share * standing) return q;
  }
  return 0;
}
