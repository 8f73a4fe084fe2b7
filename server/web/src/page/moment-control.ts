/** Now, or an earlier moment: of which book the map and the bands speak. */
import { segmented } from './controls/segmented';
import { element } from './dom';
import type { Page } from './page';

const OPTIONS = [
  { value: 'now', label: 'Now' },
  { value: 'earlier', label: 'Earlier', title: 'The book at an earlier moment' },
] as const;

/** Make the control; the moment itself can be typed once an earlier one is wanted. */
export function momentControl(page: Page): HTMLElement {
  const input = momentInput(page);
  const field = element('span', { class: 'moment-field' }, input, 'UTC');
  const choice = segmented<'now' | 'earlier'>('Moment', OPTIONS, (chosen) => {
    field.hidden = chosen === 'now';
    if (chosen === 'now') page.view.set({ atMs: null });
    else input.focus();
  });
  page.view.follow(['atMs'], ({ atMs }) => {
    field.hidden = atMs === null;
    choice.show(atMs === null ? 'now' : 'earlier');
    input.value = new Date(atMs ?? dayBefore(page)).toISOString().slice(0, 16);
  });
  return element('div', { class: 'moment' }, choice.root, field);
}

function momentInput(page: Page): HTMLInputElement {
  const input = element('input', {
    type: 'datetime-local',
    class: 'moment-input',
    'aria-label': 'Moment, UTC',
  });
  input.addEventListener('change', () => {
    const atMs = Date.parse(`${input.value}Z`);
    if (!Number.isNaN(atMs)) page.view.set({ atMs });
  });
  return input;
}

/** Where the field begins. */
function dayBefore(page: Page): number {
  return (page.facts.value.about?.asOfMs ?? Date.now()) - 86_400_000;
}
