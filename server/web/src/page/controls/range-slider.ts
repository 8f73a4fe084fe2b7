/** Two handles on one track.  Positions are fractions of the track, 0 to 1, left to right. */
import { element, setText } from '../dom';

const STEP = 0.01;
const LEAST_GAP = 0.02;
const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -STEP,
  ArrowDown: -STEP,
  ArrowRight: STEP,
  ArrowUp: STEP,
  PageDown: -10 * STEP,
  PageUp: 10 * STEP,
  Home: -1,
  End: 1,
};

/** Where both handles stand. */
export type Span = readonly [number, number];

/** What a slider needs to know. */
export interface RangeSliderOptions {
  /** What each handle is called. */
  labels: readonly [string, string];
  /** Words for a position, written at its handle. */
  write(position: number): string;
  /** Called while a handle is moved. */
  move(span: Span): void;
}

/** A slider with two handles. */
export interface RangeSlider {
  root: HTMLElement;
  /** Where a gradient may be drawn. */
  track: HTMLElement;
  /** Place the handles. */
  show(span: Span): void;
}

/**
 * Return the span after one handle has been moved.
 *
 * @param span - As it is.
 * @param handle - 0 is the lower one.
 * @param position - Where it is wanted; it stops before the other one and at the ends.
 */
export function movedSpan(span: Span, handle: 0 | 1, position: number): Span {
  const [low, high] = span;
  if (handle === 0) return [Math.max(0, Math.min(position, high - LEAST_GAP)), high];
  return [low, Math.min(1, Math.max(position, low + LEAST_GAP))];
}

/** Make a slider. */
export function rangeSlider(options: RangeSliderOptions): RangeSlider {
  let span: Span = [0, 1];
  const track = element('div', { class: 'track' });
  const root = element('div', { class: 'range-slider' }, track);
  const show = (wanted: Span): void => {
    span = wanted;
    handles.forEach((handle, index) => placeHandle(handle, span, index as 0 | 1, options));
  };
  const move = (index: 0 | 1, position: number): void => {
    show(movedSpan(span, index, position));
    options.move(span);
  };
  const handles = ([0, 1] as const).map((index) => {
    const handle = makeHandle(options.labels[index]);
    handle.addEventListener('keydown', (event) => {
      const step = KEYS[event.key];
      if (step === undefined) return;
      event.preventDefault();
      move(index, span[index] + step);
    });
    followPointer(handle, root, (position) => move(index, position));
    return handle;
  });
  root.append(...handles);
  return { root, track, show };
}

function makeHandle(label: string): HTMLElement {
  return element(
    'div',
    { class: 'handle', role: 'slider', tabindex: 0, 'aria-label': label },
    element('span', { class: 'tag' }),
  );
}

function placeHandle(
  handle: HTMLElement,
  span: Span,
  index: 0 | 1,
  options: RangeSliderOptions,
): void {
  const words = options.write(span[index]);
  handle.style.left = `${span[index] * 100}%`;
  handle.setAttribute('aria-valuenow', String(Math.round(span[index] * 100)));
  handle.setAttribute('aria-valuetext', words);
  const tag = handle.firstElementChild;
  if (tag !== null) setText(tag, words);
}

function followPointer(
  handle: HTMLElement,
  root: HTMLElement,
  move: (position: number) => void,
): void {
  handle.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    handle.focus();
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener('pointermove', (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const box = root.getBoundingClientRect();
    move((event.clientX - box.left) / box.width);
  });
}
