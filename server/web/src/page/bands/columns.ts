/** The columns of the bands table: how each is written, and how rows are sorted by it. */
import type { Band, BandsAnswer } from '../../client';
import { formatAge, formatChange, formatNotional, formatPrice, formatShare } from '../format';

/** What every cell is written with. */
export type Currency = Pick<BandsAnswer, 'quote'> & { about: Pick<BandsAnswer['about'], 'unit'> };

/** One column. */
export interface Column {
  /** Name in the address and in style sheets. */
  key: string;
  label: string;
  /** Longer words, where the label is not plain. */
  title?: string;
  /** Number by which rows are sorted. */
  order(band: Band): number;
  write(band: Band, currency: Currency): string;
}

const STATES: readonly Band['state'][] = ['fading', 'steady', 'building'];

/** All columns, left to right. */
export const COLUMNS: readonly Column[] = [
  {
    key: 'side',
    label: 'Side',
    order: (band) => (band.side === 'short' ? 1 : 0),
    write: (band) => (band.side === 'short' ? 'Short' : 'Long'),
  },
  {
    key: 'price',
    label: 'Zone',
    title: 'From the lower to the upper edge',
    order: (band) => band.peakPrice,
    write: (band) => `${formatPrice(band.low)} – ${formatPrice(band.high)}`,
  },
  {
    key: 'distance',
    label: 'Distance',
    title: 'Of its densest price from the mark price',
    order: (band) => Math.abs(band.distance),
    write: (band) => formatChange(band.distance),
  },
  {
    key: 'notional',
    label: 'Notional',
    order: (band) => band.notional,
    write: (band, currency) => formatNotional(band.notional, currency.about.unit, currency.quote),
  },
  {
    key: 'interval',
    label: '80% interval',
    title: 'The notional lies between these with a probability of 80%, where the model holds',
    order: (band) => band.notionalHigh - band.notionalLow,
    write: intervalWords,
  },
  {
    key: 'leverage',
    label: 'Leverage',
    title: 'Shares of the leverage layers; sorted by the largest',
    order: (band) => Object.values(band.leverageNotional).indexOf(largest(band)),
    write: leverageWords,
  },
  {
    key: 'age',
    label: 'Mean age',
    order: (band) => band.meanAgeMs ?? -1,
    write: (band) => (band.meanAgeMs === null ? 'unknown' : formatAge(band.meanAgeMs)),
  },
  {
    key: 'state',
    label: 'State',
    order: (band) => STATES.indexOf(band.state),
    write: (band) => band.state,
  },
  {
    key: 'strength',
    label: 'Strength',
    title: 'Rank in the book, 0 to 100',
    order: (band) => band.strength,
    write: (band) => String(Math.round(band.strength * 100)),
  },
];

/**
 * Return bands in the order that is asked for; equal ones keep theirs.
 *
 * @param sort - Key of a column, with a minus in front for descending.
 */
export function sortBands(bands: readonly Band[], sort: string): Band[] {
  const { column, sign } = sortOf(sort);
  return [...bands].sort((one, other) => sign * (column.order(one) - column.order(other)));
}

/** Return which column is sorted by, and in which direction: 1 ascending, -1 descending. */
export function sortOf(sort: string): { column: Column; sign: 1 | -1 } {
  const key = sort.replace(/^-/, '');
  const column = COLUMNS.find((one) => one.key === key) ?? BY_NOTIONAL;
  return { column, sign: sort.startsWith('-') ? -1 : 1 };
}

/** Return the sort after a press on a column's heading: descending first, then the other way. */
export function nextSort(sort: string, key: string): string {
  return sort === `-${key}` ? key : `-${key}`;
}

const BY_NOTIONAL = COLUMNS[3] as Column;

/** Write the bounds of a band's notional. */
export function intervalWords(band: Band, currency: Currency): string {
  const { unit } = currency.about;
  const low = formatNotional(band.notionalLow, unit, currency.quote);
  return `${low} – ${formatNotional(band.notionalHigh, unit, currency.quote)}`;
}

function leverageWords(band: Band): string {
  const total = Object.values(band.leverageNotional).reduce((sum, one) => sum + one, 0);
  const found = Object.entries(band.leverageNotional).find(([, one]) => one === largest(band));
  return found && total > 0 ? `${found[0]} ${formatShare(round(found[1] / total))}` : 'unknown';
}

function largest(band: Band): number {
  return Math.max(...Object.values(band.leverageNotional));
}

function round(share: number): number {
  return Math.round(share * 100) / 100;
}
