import { expect, test } from 'vitest';
import { faded } from './theme';

test('a colour may have three digits or six', () => {
  expect(faded('#fff', 0.5)).toBe('rgba(255, 255, 255, 0.5)');
  expect(faded('#5ef2c0', 1)).toBe('rgba(94, 242, 192, 1)');
});
