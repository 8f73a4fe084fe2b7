import { expect, test, vi } from 'vitest';
import { Observable } from './observable';

test('a watcher hears of its own members only', () => {
  const both = new Observable({ one: 1, two: 2 });
  const told = vi.fn();
  both.watch(['two'], told);
  both.set({ one: 5 });
  expect(told).not.toHaveBeenCalled();
  both.set({ two: 6 });
  expect(told).toHaveBeenCalledWith({ one: 5, two: 6 }, { one: 5, two: 2 });
});

test('what is the same as before is no change', () => {
  const held = new Observable({ list: [1, 2], number: Number.NaN });
  const told = vi.fn();
  held.watch(['list', 'number'], told);
  held.set({ list: [1, 2], number: Number.NaN });
  expect(told).not.toHaveBeenCalled();
});

test('a watcher that has ended hears nothing', () => {
  const held = new Observable({ one: 1 });
  const told = vi.fn();
  const end = held.follow(['one'], told);
  end();
  held.set({ one: 2 });
  expect(told).toHaveBeenCalledTimes(1);
});

test('a watcher may change something itself', () => {
  const held = new Observable({ one: 1, two: 1 });
  held.watch(['one'], ({ one }) => held.set({ two: one }));
  held.set({ one: 7 });
  expect(held.value).toEqual({ one: 7, two: 7 });
});
