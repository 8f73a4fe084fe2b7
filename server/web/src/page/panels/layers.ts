/** What is drawn besides candles. */
import { segmented } from '../controls/segmented';
import { toggle } from '../controls/toggle';
import type { Page } from '../page';
import { LAYERS, SCALES, type Layer } from '../view-state';
import { chartOnly, labelled, section } from './section';

const WORDS: Readonly<Record<Layer, string>> = {
  heat: 'Heatmap',
  profile: 'Profile by leverage',
  bands: 'Strongest bands',
  liquidations: 'Liquidations',
  sweeps: 'Swept bands',
  volume: 'Volume',
  delta: 'Taker delta, cumulative',
  openInterest: 'Open interest',
  funding: 'Funding',
};

/** The section of the panel. */
export function layersPanel(page: Page): HTMLElement {
  const toggles = LAYERS.map((layer) => layerToggle(page, layer));
  const options = [
    { value: 'linear', label: 'Linear' },
    { value: 'log', label: 'Logarithmic' },
  ] as const;
  const scale = segmented<(typeof SCALES)[number]>('Price scale', options, (chosen) =>
    page.view.set({ scale: chosen, prices: null }),
  );
  page.view.follow(['scale'], (state) => scale.show(state.scale));
  return chartOnly(section('Layers', 'layers', ...toggles, labelled('Price scale', scale.root)));
}

/** Return the layers with one of them switched, in their own order. */
export function switchLayer(layers: readonly Layer[], layer: Layer): readonly Layer[] {
  return LAYERS.filter((one) => layers.includes(one) !== (one === layer));
}

function layerToggle(page: Page, layer: Layer): HTMLElement {
  const control = toggle(WORDS[layer], () =>
    page.view.set({ layers: switchLayer(page.view.value.layers, layer) }),
  );
  const show = (): void => {
    const { available } = page.facts.value;
    control.show(page.view.value.layers.includes(layer), available.includes(layer));
  };
  page.view.follow(['layers'], show);
  page.facts.watch(['available'], show);
  return control.root;
}
