/** A map as stacked bars: how long each layer of each row is. */
import type { MapAnswer } from '../../client';

/** Share of the rows that are not cut off at the longest bar. */
const CAP_QUANTILE = 0.995;

/** Stacked bars; row r spans `edges[r]` to `edges[r + 1]`. */
export interface ProfileLayers {
  edges: readonly number[];
  names: readonly string[];
  /** By layer, then row: where a bar ends, from 0 to 1 of the longest one; it begins where the
   * layer before ends. */
  ends: readonly Float64Array[];
  /** Notional of a bar of full length. */
  cap: number;
}

/** Return both sides of a map as one profile, layers of low leverage innermost. */
export function profileLayers(map: MapAnswer): ProfileLayers {
  const rows = map.edges.length - 1;
  const running = new Float64Array(rows);
  const sums = map.leverageGroups.map((_, layer) => {
    for (let row = 0; row < rows; row++) {
      const both = (map.longLayers[layer]?.[row] ?? 0) + (map.shortLayers[layer]?.[row] ?? 0);
      running[row] = (running[row] ?? 0) + both;
    }
    return running.slice();
  });
  const cap = quantile(running, CAP_QUANTILE);
  const ends = sums.map((sum) => sum.map((notional) => Math.min(1, notional / cap)));
  return { edges: map.edges, names: map.leverageGroups, ends, cap };
}

/** Return the value that a share of the positive ones do not exceed; 1 without any. */
function quantile(values: Float64Array, share: number): number {
  const standing = values.filter((value) => value > 0).sort();
  return standing[Math.ceil(share * standing.length) - 1] ?? 1;
}
