/** Rows of the bands table. */
import type { Band, BandsAnswer } from '../../client';
import { element } from '../dom';
import { formatLeverage, formatNotional } from '../format';
import { COLUMNS, type Column, sortOf } from './columns';

/** How amounts are drawn. */
export interface RowDress {
  /** Of the leverage layers, low leverage first. */
  colours: readonly string[];
  /** The largest notional of the table. */
  most: number;
}

/**
 * Return the cells of the head.
 *
 * @param sorted - By which column, in which direction.
 * @param press - Called with the key of a column whose heading was pressed.
 */
export function headRow(
  sorted: ReturnType<typeof sortOf>,
  press: (key: string) => void,
): HTMLElement[] {
  const cells = COLUMNS.map((column) => {
    const isSorted = column === sorted.column;
    const direction = sorted.sign > 0 ? 'ascending' : 'descending';
    return element(
      'th',
      { class: column.key, scope: 'col', 'aria-sort': isSorted ? direction : 'none' },
      element(
        'button',
        { type: 'button', title: column.title, onclick: () => press(column.key) },
        column.label,
      ),
    );
  });
  return [element('th', { class: 'rank', scope: 'col' }, '#'), ...cells];
}

/** Return one band as a row. */
export function bandRow(
  band: Band,
  index: number,
  answer: BandsAnswer,
  dress: RowDress,
): HTMLElement {
  const cells = COLUMNS.map((column) =>
    element('td', { class: column.key }, cellContent(column, band, answer, dress)),
  );
  const row = element(
    'tr',
    { class: band.side },
    element('td', { class: 'rank' }, String(index + 1)),
    ...cells,
  );
  row.style.setProperty('--share', String(band.notional / dress.most));
  return row;
}

function cellContent(
  column: Column,
  band: Band,
  answer: BandsAnswer,
  dress: RowDress,
): Node | string {
  const words = column.write(band, answer);
  if (column.key === 'leverage') return leverageBar(band, answer, dress.colours, words);
  if (column.key === 'side' || column.key === 'state') {
    return element('span', { class: words.toLowerCase() }, words);
  }
  return words;
}

function leverageBar(
  band: Band,
  answer: BandsAnswer,
  colours: readonly string[],
  words: string,
): HTMLElement {
  const layers = Object.entries(band.leverageNotional);
  const parts = layers.map(([, notional], index) => {
    const part = element('i', {});
    part.style.flexGrow = String(notional / band.notional);
    part.style.background = colours[index] ?? '';
    return part;
  });
  const title = layers
    .filter(([, notional]) => notional > band.notional / 200)
    .map(([group, notional]) => `${formatLeverage(group)}: ${write(notional, answer)}`)
    .join('\n');
  const bar = element('span', { class: 'stack', title }, ...parts);
  return element(
    'span',
    { class: 'leverage-cell' },
    bar,
    element('small', {}, formatLeverage(words)),
  );
}

function write(notional: number, answer: BandsAnswer): string {
  return formatNotional(notional, answer.about.unit, answer.quote);
}
