import { expect, test } from 'vitest';
import type { Liquidation } from '../../client';
import { LiquidationList } from './liquidation-list';

const event = (timeMs: number): Liquidation => ({
  timeMs,
  symbol: 'A:B',
  side: 'long',
  price: 100,
  contracts: 1,
  notional: 100,
});
const times = (list: LiquidationList): number[] => list.all.map((one) => one.timeMs).sort();

test('what a stream tells again after a page is not counted twice', () => {
  const list = new LiquidationList();
  list.load([event(1), event(2), event(2)]);
  list.tell([event(2), event(3)]);
  expect(times(list)).toEqual([1, 2, 2, 3]);
});

test('nor is what a page names after the stream', () => {
  const list = new LiquidationList();
  list.tell([event(2), event(3)]);
  list.load([event(1), event(2)]);
  expect(times(list)).toEqual([1, 2, 3]);
});

test('older pages change nothing about newer events', () => {
  const list = new LiquidationList();
  list.load([event(5)]);
  list.tell([event(6)]);
  list.load([event(1)]);
  expect(times(list)).toEqual([1, 5, 6]);
  list.clear();
  list.tell([event(1)]);
  expect(times(list)).toEqual([1]);
});
