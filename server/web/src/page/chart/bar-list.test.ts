import { expect, test } from 'vitest';
import { bar, HOUR_MS, START_MS } from '../testing/samples';
import { BarList } from './bar-list';

function listOf(...indexes: number[]): BarList {
  const list = new BarList();
  list.reset(indexes.map((index) => bar(index, { openInterest: index })));
  return list;
}

const places = (list: BarList): number[] =>
  list.all.map((one) => (one.openTimeMs - START_MS) / HOUR_MS);

test('the last bar goes on, and a newer one is appended', () => {
  const list = listOf(0, 1);
  expect(list.put([bar(1, { close: 7 })])).toBe('end');
  expect(list.put([bar(2)])).toBe('end');
  expect(places(list)).toEqual([0, 1, 2]);
  expect(list.all[1]?.close).toBe(7);
});

test('a stream does not wipe out what it leaves out', () => {
  const list = listOf(0, 1);
  list.put([bar(1, { close: 7, openInterest: undefined } as never)]);
  expect(list.last).toMatchObject({ close: 7, openInterest: 1 });
});

test('older bars and gaps are put in their place', () => {
  const list = listOf(5, 6, 9);
  expect(list.put([bar(3), bar(4), bar(5, { close: 7 })])).toBe('all');
  expect(list.put([bar(6), bar(7), bar(8), bar(9)])).toBe('all');
  expect(places(list)).toEqual([3, 4, 5, 6, 7, 8, 9]);
  expect(list.all[2]?.close).toBe(7);
});

test('a time lies in the bar that opened last', () => {
  const list = listOf(0, 1, 5);
  expect(list.indexAt(START_MS - 1)).toBe(-1);
  expect(list.indexAt(START_MS + HOUR_MS)).toBe(1);
  expect(list.indexAt(START_MS + 4 * HOUR_MS)).toBe(1);
  expect(list.indexAt(START_MS + 99 * HOUR_MS)).toBe(2);
});
