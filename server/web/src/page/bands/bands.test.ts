import { expect, test } from 'vitest';
import { band, bandsAnswer } from '../testing/samples';
import { COLUMNS, nextSort, sortBands, sortOf } from './columns';
import { bandsText } from './text';

const SMALL = band({ notional: 10, distance: 0.5, side: 'short', meanAgeMs: null });
const LARGE = band({ notional: 30, distance: -0.01 });
const MIDDLE = band({ notional: 20, distance: -0.2 });

test('bands are sorted by any column, both ways', () => {
  const bands = [SMALL, LARGE, MIDDLE];
  expect(sortBands(bands, '-notional')).toEqual([LARGE, MIDDLE, SMALL]);
  expect(sortBands(bands, 'distance')).toEqual([LARGE, MIDDLE, SMALL]);
  expect(sortBands(bands, 'age')[0]).toBe(SMALL);
  expect(bands[0]).toBe(SMALL);
});

test('an unknown column sorts by notional', () => {
  expect(sortOf('-moon')).toMatchObject({ column: { key: 'notional' }, sign: -1 });
});

test('a heading sorts downwards first, then upwards', () => {
  expect(nextSort('-notional', 'age')).toBe('-age');
  expect(nextSort('-age', 'age')).toBe('age');
});

test('every column can be written', () => {
  const cells = COLUMNS.map((column) => column.write(band(), bandsAnswer([])));
  expect(cells).toEqual([
    'Long',
    '90.0000 – 91.0000',
    '−9.50%',
    '$1.00M',
    '$400K – $2.00M',
    '5-10x 75%',
    '5 h',
    'steady',
    '90',
  ]);
});

test('the text is in line, and says what it rests on', () => {
  const answer = bandsAnswer([LARGE, SMALL], { simulated: true });
  const [title, , head, first, second] = bandsText(answer, answer.bands).split('\n');
  expect(title).toBe('A:B at 100.000, 2026-01-01 00:00 UTC, simulated');
  expect(first?.indexOf('Long')).toBe(head?.indexOf('Side'));
  expect(second?.indexOf('Short')).toBe(head?.indexOf('Side'));
});
