// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { movedSpan, rangeSlider } from './range-slider';

test('handles do not pass each other, nor the ends', () => {
  expect(movedSpan([0.2, 0.8], 0, 0.5)).toEqual([0.5, 0.8]);
  expect(movedSpan([0.2, 0.8], 0, 0.9)[0]).toBeLessThan(0.8);
  expect(movedSpan([0.2, 0.8], 1, 0.1)[1]).toBeGreaterThan(0.2);
  expect(movedSpan([0.2, 0.8], 0, -3)).toEqual([0, 0.8]);
  expect(movedSpan([0.2, 0.8], 1, 3)).toEqual([0.2, 1]);
});

test('the keyboard moves a handle, which says where it is', () => {
  const move = vi.fn();
  const write = (position: number): string => `$${position.toFixed(2)}`;
  const slider = rangeSlider({ labels: ['low', 'high'], write, move });
  slider.show([0.25, 0.5]);
  const [low, high] = slider.root.querySelectorAll('[role="slider"]');
  high?.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageUp' }));
  expect(move).toHaveBeenLastCalledWith([0.25, 0.6]);
  expect(high?.getAttribute('aria-valuetext')).toBe('$0.60');
  low?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home' }));
  expect(move).toHaveBeenLastCalledWith([0, 0.6]);
});
