// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { element } from '../dom';
import { menu } from './menu';
import { segmented } from './segmented';
import { toggle } from './toggle';

test('a segmented control is a group of radio buttons', () => {
  const pick = vi.fn();
  const options = [
    { value: 'a', label: 'A' },
    { value: 'b', label: 'B', title: 'The second' },
  ];
  const control = segmented('Letter', options, pick);
  document.body.append(control.root);
  control.show('a');
  const [first, second] = control.root.querySelectorAll('input');
  expect(first?.checked).toBe(true);
  second?.click();
  expect(pick).toHaveBeenCalledWith('b');
  expect(control.root.getAttribute('role')).toBe('radiogroup');
});

test('other options keep the choice', () => {
  const control = segmented<string>('Letter', [{ value: 'a', label: 'A' }], () => undefined);
  control.show('b');
  control.offer([
    { value: 'a', label: 'A' },
    { value: 'b', label: 'B' },
  ]);
  expect(control.root.querySelector<HTMLInputElement>('input:checked')?.value).toBe('b');
});

test('a switch without data cannot be switched', () => {
  const control = toggle('Funding', () => undefined);
  control.show(true, false);
  const input = control.root.querySelector('input');
  expect([input?.checked, input?.disabled]).toEqual([false, true]);
  expect(control.root.textContent).toContain('no data');
});

test('a menu opens, goes round with the arrows, and acts', () => {
  const run = vi.fn();
  const button = element('button');
  const root = menu(button, () => [
    { label: 'One', run: () => undefined },
    { label: 'Two', run },
  ]);
  document.body.append(root);
  button.click();
  root.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp' }));
  expect(document.activeElement?.textContent).toBe('Two');
  (document.activeElement as HTMLElement).click();
  expect(run).toHaveBeenCalledOnce();
  expect(button.getAttribute('aria-expanded')).toBe('false');
});
