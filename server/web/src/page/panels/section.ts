/** One part of the panel: a heading and what stands below it. */
import { type Child, element } from '../dom';

/**
 * Make a section of the panel.
 *
 * @param title - Its heading.
 * @param kind - Class, for style sheets.
 */
export function section(title: string, kind: string, ...children: Child[]): HTMLElement {
  const heading = element('h2', { id: `section-${kind}` }, title);
  return element(
    'section',
    { class: `section ${kind}`, 'aria-labelledby': heading.id },
    heading,
    ...children,
  );
}

/** A control with its name above it. */
export function labelled(label: string, control: HTMLElement): HTMLElement {
  return element('div', { class: 'labelled' }, element('span', { class: 'label' }, label), control);
}

/** Mark what only the chart has; with other views it is not shown. */
export function chartOnly(part: HTMLElement): HTMLElement {
  part.classList.add('chart-only');
  return part;
}
