/** What the card of a cell says. */
import type { HeatmapCell } from '../../overlay';
import { formatAge, formatChange, formatPrice, formatShare, formatShortTime } from '../format';
import type { TipContent, TipRow } from './card';
import { tipLayers } from './layers';
import type { CellDetail } from './moments';

/** How figures and layers are shown. */
export interface CellDress {
  write(notional: number): string;
  colours(count: number): readonly string[];
}

/**
 * Return what a card says of a cell.
 *
 * @param detail - What the book of that moment adds; null until it is known.
 */
export function cellContent(
  cell: HeatmapCell,
  detail: CellDetail | null,
  dress: CellDress,
): TipContent {
  const middle = (cell.low + cell.high) / 2;
  const colours = dress.colours(detail?.leverageGroups.length ?? 0);
  const layers =
    detail === null ? [] : tipLayers(detail.leverageGroups, detail.layers, colours, dress.write);
  return {
    title: `${formatPrice(cell.low)} – ${formatPrice(cell.high)}`,
    subtitle: cell.mark === null ? '' : formatChange(middle / cell.mark - 1),
    rows: [...sideRows(cell, dress), ...bandRows(detail, dress)],
    layers,
    note: noteOf(cell, detail),
  };
}

function sideRows(cell: HeatmapCell, dress: CellDress): TipRow[] {
  const { longNotional, shortNotional } = cell;
  if (longNotional === null || shortNotional === null) {
    return [{ name: 'Both sides', value: dress.write(cell.notional) }];
  }
  const long = { name: 'Longs', value: dress.write(longNotional), kind: 'long' };
  const short = { name: 'Shorts', value: dress.write(shortNotional), kind: 'short' };
  if (cell.side === 'both') return [long, short];
  return cell.side === 'long' ? [long] : [short];
}

function bandRows(detail: CellDetail | null, dress: CellDress): TipRow[] {
  if (detail === null) return [{ name: 'Leverage, age', value: '…' }];
  const { band } = detail;
  if (band === null) return [];
  const { notional, notionalLow, notionalHigh, meanAgeMs } = band;
  return [
    { name: 'Band around it', value: dress.write(notional) },
    { name: '80% interval', value: `${dress.write(notionalLow)} – ${dress.write(notionalHigh)}` },
    ...(meanAgeMs === null ? [] : [{ name: 'Mean age', value: formatAge(meanAgeMs) }]),
  ];
}

function noteOf(cell: HeatmapCell, detail: CellDetail | null): string {
  const time = cell.isForming ? 'Forming now' : `Close ${formatShortTime(cell.closeTimeMs)} UTC`;
  const seed = cell.seedShare ?? 0;
  const warming = seed >= 0.05 ? `, up to ${formatShare(seed)} from the beginning` : '';
  const observed = detail === null ? '' : ` · ${formatShare(detail.observedShare)} observed`;
  return `${time}${observed}${warming}`;
}
