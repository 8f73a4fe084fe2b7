/** Books of earlier moments, asked for once and kept: what explains the cells of a heatmap. */
import type { Band, LiqbandsClient, MapAnswer, SymbolQuery } from '../../client';

const MOST_KEPT = 200;
/** Rows asked for at once: neighbours are likely to be pointed at next. */
const BLOCK_ROWS = 32;
const MOST_BANDS = 100;

/** What stands in one cell. */
export interface CellDetail {
  leverageGroups: readonly string[];
  /** Notional of each layer. */
  layers: readonly number[];
  /** The band that the cell lies in; null where it lies in none. */
  band: Band | null;
  /** Share of bars with reported open interest, 0 to 1. */
  observedShare: number;
}

/** The rows of a heatmap, and one of them. */
export interface CellPlace {
  /** Close of the column; null for the forming one. */
  closeTimeMs: number | null;
  low: number;
  high: number;
}

/** Asks for the books of moments. */
export class Moments {
  readonly #maps = new Map<string, Promise<MapAnswer>>();
  readonly #bands = new Map<string, Promise<readonly Band[]>>();

  constructor(private readonly client: LiqbandsClient) {}

  /** Return what stands in a cell. */
  async detail(query: SymbolQuery, cell: CellPlace): Promise<CellDetail> {
    const moment = cell.closeTimeMs === null ? query : { ...query, toMs: cell.closeTimeMs };
    const block = blockOf(cell);
    const place = JSON.stringify(moment);
    const [map, bands] = await Promise.all([
      kept(this.#maps, `${place} ${block.low} ${block.high}`, () =>
        this.client.map({ ...moment, ...block, rows: BLOCK_ROWS }),
      ),
      kept(this.#bands, place, async () => {
        return (await this.client.bands({ ...moment, limit: MOST_BANDS })).bands;
      }),
    ]);
    return detailOf(map, bands, cell);
  }

  /** Forget the forming moment, which has moved on. */
  forgetNow(): void {
    for (const cache of [this.#maps, this.#bands]) {
      for (const key of cache.keys()) if (!key.includes('toMs')) cache.delete(key);
    }
  }
}

/** Return the rows of a map that lie in a cell, as one, and the band around its middle. */
export function detailOf(
  map: MapAnswer,
  bands: readonly Band[],
  { low, high }: Pick<CellPlace, 'low' | 'high'>,
): CellDetail {
  const middle = Math.sqrt(low * high);
  const inside = map.edges.slice(0, -1).map((edge, row) => {
    const between = Math.sqrt(edge * (map.edges[row + 1] ?? edge));
    return between >= low && between < high;
  });
  const sum = (rows: readonly number[] | undefined): number =>
    (rows ?? []).reduce((total, value, row) => total + (inside[row] ? value : 0), 0);
  return {
    leverageGroups: map.leverageGroups,
    layers: map.leverageGroups.map(
      (_, layer) => sum(map.longLayers[layer]) + sum(map.shortLayers[layer]),
    ),
    band: bands.find((band) => middle >= band.low && middle < band.high) ?? null,
    observedShare: map.about.observedShare,
  };
}

/** Return the prices of the block of rows that a cell lies in, just within its outermost edges. */
export function blockOf({ low, high }: Pick<CellPlace, 'low' | 'high'>): {
  low: number;
  high: number;
} {
  const dp = Math.log(high / low);
  const row = Math.round(Math.log(low) / dp);
  const first = Math.floor(row / BLOCK_ROWS) * BLOCK_ROWS;
  const inset = 1e-3;
  // The height of a row is known to a rounding error only, which must not make two questions of one.
  const price = (place: number): number => Number(Math.exp(place * dp).toPrecision(9));
  return { low: price(first + inset), high: price(first + BLOCK_ROWS - inset) };
}

function kept<T>(cache: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const asked = ask();
  cache.set(key, asked);
  // A question that failed may be asked again.
  asked.catch(() => cache.delete(key));
  const eldest = cache.keys().next();
  if (cache.size > MOST_KEPT && !eldest.done) cache.delete(eldest.value);
  return asked;
}
