import { expect, test } from 'vitest';
import { next, shortcutFor, stepped } from './shortcuts';

const RUN = { key: 'c', words: 'copy', run: () => undefined };
const PRESS = { key: 'c', ctrlKey: false, altKey: false, metaKey: false };

test('a key finds its shortcut', () => {
  expect(shortcutFor([RUN], PRESS)).toBe(RUN);
  expect(shortcutFor([RUN], { ...PRESS, key: 'x' })).toBeUndefined();
});

test('keys with a modifier are the browser’s', () => {
  expect(shortcutFor([RUN], { ...PRESS, ctrlKey: true })).toBeUndefined();
  expect(shortcutFor([RUN], { ...PRESS, metaKey: true })).toBeUndefined();
});

test('steps stop at the ends, and turns go round', () => {
  const list = ['a', 'b', 'c'];
  expect(stepped(list, 'b', 1)).toBe('c');
  expect(stepped(list, 'c', 1)).toBe('c');
  expect(stepped(list, 'a', -1)).toBe('a');
  expect(next(list, 'c')).toBe('a');
  expect(next(list, 'unknown')).toBe('a');
});
