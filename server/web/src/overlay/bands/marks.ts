/** What is drawn for bands and magnets: where, how strong, and which words. */
import type { Band, Side, Summary, Unit } from '../../client';
import { ageText, distanceText, notionalText } from '../wording';

/** One line, or zone, with its label. */
export interface BandMark {
  kind: 'band' | 'magnet';
  side: Side;
  price: number;
  low: number;
  high: number;
  /** From where it is drawn; null from the left edge. */
  fromMs: number | null;
  /** Rank in the book, 0 to 1. */
  strength: number;
  /** Of the label: more stays longer where there is no room for all. */
  priority: number;
  /** What the label says, and what it adds where there is room. */
  text: string;
  detail: string;
}

/** Return the marks of the strongest bands. */
export function bandMarks(
  bands: readonly Band[],
  timeMs: number,
  unit: Unit,
  limit: number,
): BandMark[] {
  return bands.slice(0, limit).map((band, rank) => ({
    ...placeOf(band),
    kind: 'band',
    fromMs: band.firstSeenMs,
    priority: 1 / (rank + 2),
    text: `${notionalText(band.notional, unit)} ${distanceText(band.distance)}`,
    detail: [leverageText(band), ageText(timeMs - band.firstSeenMs)].filter(Boolean).join(' · '),
  }));
}

/** Return the marks of the nearest and the strongest cluster of each side. */
export function magnetMarks(summary: Summary): BandMark[] {
  const { nearestLong, nearestShort, strongestLong, strongestShort } = summary;
  const pairs = [
    [nearestLong, strongestLong],
    [nearestShort, strongestShort],
  ] as const;
  return pairs.flatMap(([nearest, strongest]) => {
    if (nearest === null || strongest === null) return [];
    const unit = summary.about.unit;
    const isOne = nearest.peakPrice === strongest.peakPrice;
    if (isOne) return [magnet(nearest, 'nearest, strongest', unit)];
    return [magnet(nearest, 'nearest', unit), magnet(strongest, 'strongest', unit)];
  });
}

function magnet(band: Band, name: string, unit: Unit): BandMark {
  return {
    ...placeOf(band),
    kind: 'magnet',
    fromMs: null,
    priority: 2 + band.strength,
    text: `${notionalText(band.notional, unit)} ${distanceText(band.distance)}`,
    detail: `${name} ${band.side}s`,
  };
}

function placeOf(band: Band): Pick<BandMark, 'side' | 'price' | 'low' | 'high' | 'strength'> {
  const { side, peakPrice: price, low, high, strength } = band;
  return { side, price, low, high, strength };
}

/** Return the layer that holds most, with its share: `25-50x 62%`. */
function leverageText(band: Band): string {
  const layers = Object.entries(band.leverageNotional).sort(([, a], [, b]) => b - a);
  const [name, most] = layers[0] ?? ['', 0];
  return most > 0 ? `${name} ${Math.round((100 * most) / band.notional)}%` : '';
}
