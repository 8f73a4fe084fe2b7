/** How the heat is coloured: palette, and from which notional to which. */
import { rangeSlider } from '../controls/range-slider';
import { segmented } from '../controls/segmented';
import { element } from '../dom';
import { formatNotional } from '../format';
import { notionalAt, positionOf, scaleGradient } from '../legend';
import type { Page } from '../page';
import { toneOf } from '../theme';
import { PALETTES, THEMES, type Palette, type Theme } from '../view-state';
import { chartOnly, labelled, section } from './section';

const PALETTE_LABELS: Readonly<Record<Palette, string>> = {
  classic: 'Classic',
  safe: 'Colour-blind',
  monochrome: 'Mono',
};
const THEME_LABELS: Readonly<Record<Theme, string>> = {
  dark: 'Dark',
  light: 'Light',
  system: 'System',
};

/** The section of the panel. */
export function colourPanel(page: Page): HTMLElement {
  return section(
    'Colour',
    'colour',
    labelled('Palette', paletteControl(page)),
    chartOnly(intensityControl(page)),
    labelled('Theme', themeControl(page)),
  );
}

function paletteControl(page: Page): HTMLElement {
  const options = PALETTES.map((value) => ({ value, label: PALETTE_LABELS[value] }));
  const control = segmented('Palette', options, (palette) => page.view.set({ palette }));
  page.view.follow(['palette'], ({ palette }) => control.show(palette));
  return control.root;
}

function themeControl(page: Page): HTMLElement {
  const options = THEMES.map((value) => ({ value, label: THEME_LABELS[value] }));
  const control = segmented('Theme', options, (theme) => page.view.set({ theme }));
  page.view.follow(['theme'], ({ theme }) => control.show(theme));
  return control.root;
}

function intensityControl(page: Page): HTMLElement {
  const auto = element(
    'button',
    { type: 'button', class: 'chip', onclick: () => page.view.set({ intensity: null }) },
    'Auto',
  );
  const slider = rangeSlider({
    labels: ['Notional of the first colour', 'Notional of the last colour'],
    write: (position) => writeNotional(page, notionalAt(position, page.facts.value.scaleMax)),
    move: ([low, high]) => page.view.set({ intensity: intensityOf(page, low, high) }),
  });
  const show = (): void => {
    const { intensity, scaleMax } = page.facts.value;
    slider.show([positionOf(intensity[0], scaleMax), positionOf(intensity[1], scaleMax)]);
    slider.track.style.background = gradientOf(page);
    auto.setAttribute('aria-pressed', String(page.view.value.intensity === null));
  };
  page.facts.follow(['intensity', 'scaleMax', 'about'], show);
  page.view.watch(['palette', 'theme', 'intensity'], show);
  const heading = element('span', { class: 'label' }, 'Intensity', auto);
  return element('div', { class: 'labelled intensity' }, heading, slider.root);
}

/** Return the gradient of the whole scale as it is now. */
export function gradientOf(page: Page): string {
  const { palette, theme } = page.view.value;
  const { intensity, scaleMax } = page.facts.value;
  return scaleGradient(palette, toneOf(theme), intensity, scaleMax);
}

/** Write a notional in the unit of what is shown. */
export function writeNotional(page: Page, notional: number): string {
  const { about } = page.facts.value;
  return formatNotional(notional, about?.unit ?? 'quote', about?.quote ?? '');
}

/** Two figures that read well: three digits are more than a handle can be placed to. */
function intensityOf(page: Page, low: number, high: number): readonly [number, number] {
  const { scaleMax } = page.facts.value;
  const figure = (position: number): number =>
    Number(notionalAt(position, scaleMax).toPrecision(3));
  return [figure(low), figure(high)];
}
