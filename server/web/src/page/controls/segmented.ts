/** One of a few: radio buttons that look like one control, so the keyboard works as it should. */
import { element } from '../dom';

/** One choice. */
export interface Option<T extends string> {
  value: T;
  label: string;
  /** Longer words for the tooltip and for screen readers. */
  title?: string;
  disabled?: boolean;
}

/** A control that shows one of its options as chosen. */
export interface Segmented<T extends string> {
  root: HTMLElement;
  /** Show which is chosen. */
  show(value: T): void;
  /** Offer other options; the choice is kept. */
  offer(options: readonly Option<T>[]): void;
}

let count = 0;

/**
 * Make a segmented control.
 *
 * @param label - What is being chosen.
 * @param options - In the order in which they stand.
 * @param pick - Called with what the user chose.
 */
export function segmented<T extends string>(
  label: string,
  options: readonly Option<T>[],
  pick: (value: T) => void,
): Segmented<T> {
  const name = `choice-${(count += 1)}`;
  const root = element('div', { class: 'segmented', role: 'radiogroup', 'aria-label': label });
  const inputs = new Map<T, HTMLInputElement>();
  let shown: T | null = null;
  const show = (value: T): void => {
    shown = value;
    for (const [one, input] of inputs) input.checked = one === value;
  };
  const offer = (offered: readonly Option<T>[]): void => {
    inputs.clear();
    root.replaceChildren(...offered.map((option) => segment(name, option, pick, inputs)));
    if (shown !== null) show(shown);
  };
  offer(options);
  return { root, show, offer };
}

function segment<T extends string>(
  name: string,
  option: Option<T>,
  pick: (value: T) => void,
  inputs: Map<T, HTMLInputElement>,
): HTMLElement {
  const input = element('input', {
    type: 'radio',
    name,
    value: option.value,
    disabled: option.disabled,
    'aria-label': option.title,
    onchange: () => pick(option.value),
  });
  inputs.set(option.value, input);
  return element('label', { title: option.title }, input, element('span', {}, option.label));
}
