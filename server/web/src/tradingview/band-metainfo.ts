/**
 * What is fixed about the indicators that draw bands: three values per slot, the lower edge, the
 * upper edge and the number of the colour between them.
 */
import type { CustomIndicator, LineStyle, PlotInfo, StudyMetaInfo } from './study-api';
import { type Colours, LEVELS, strengthColours } from './strength-palette';

/** The hidden input that changes when the chart has to calculate anew. */
export const REVISION_INPUT = 'rev';

const PALETTE = 'strength';
const METAINFO_VERSION = 53;
const TRANSPARENT = 'rgba(0, 0, 0, 0)';

/** Edges are not drawn, and break where a slot is empty. */
const EDGE: LineStyle = {
  color: TRANSPARENT,
  linestyle: 0,
  linewidth: 1,
  plottype: 7,
  trackPrice: false,
  transparency: 100,
  visible: true,
};

/** What an indicator is called, and how it looks. */
export interface BandIndicator {
  /** In the list of indicators, and for `createStudy`. */
  readonly description: string;
  readonly shortDescription: string;
  readonly slots: number;
  readonly colours: Colours;
}

/** Return everything that is fixed about an indicator. */
export function bandMetaInfo(indicator: BandIndicator): StudyMetaInfo {
  const { description, shortDescription, slots, colours } = indicator;
  const numbers = Array.from({ length: slots }, (_, slot) => slot);
  return {
    _metainfoVersion: METAINFO_VERSION,
    id: `${description}@tv-basicstudies-1`,
    name: description,
    description,
    shortDescription,
    isCustomIndicator: true,
    is_price_study: true,
    linkedToSeries: true,
    behind_chart: true,
    format: { type: 'inherit' },
    plots: numbers.flatMap(plotsOf),
    filledAreas: numbers.map(areaOf),
    palettes: { [PALETTE]: paletteInfo() },
    styles: byId(numbers.flatMap(edgesOf), (id) => ({
      title: id,
      histogramBase: 0,
      isHidden: true,
    })),
    inputs: [
      { id: REVISION_INPUT, name: REVISION_INPUT, type: 'integer', defval: 0, isHidden: true },
    ],
    defaults: defaultsOf(numbers, colours),
  };
}

/** Return the indicator that a chart makes with `new`. */
export function bandIndicator(
  indicator: BandIndicator,
  constructor: CustomIndicator['constructor'],
): CustomIndicator {
  return { name: indicator.description, metainfo: bandMetaInfo(indicator), constructor };
}

function plotsOf(slot: number): PlotInfo[] {
  const [low, high] = edgesOf(slot);
  return [
    { id: low, type: 'line' },
    { id: high, type: 'line' },
    { id: `slot${slot}_colour`, type: 'colorer', target: areaId(slot), palette: PALETTE },
  ];
}

function edgesOf(slot: number): [low: string, high: string] {
  return [`slot${slot}_low`, `slot${slot}_high`];
}

function areaId(slot: number): string {
  return `slot${slot}_band`;
}

function areaOf(slot: number): StudyMetaInfo['filledAreas'][number] {
  const [low, high] = edgesOf(slot);
  return {
    id: areaId(slot),
    objAId: low,
    objBId: high,
    type: 'plot_plot',
    title: `Band ${slot}`,
    palette: PALETTE,
    fillgaps: false,
    isHidden: true,
  };
}

function paletteInfo(): StudyMetaInfo['palettes'][string] {
  const levels = Array.from({ length: LEVELS }, (_, level) => level);
  return {
    colors: levels.map((level) => ({ name: `Strength ${level + 1}` })),
    valToIndex: Object.fromEntries(levels.map((level) => [level, level])),
  };
}

function defaultsOf(numbers: readonly number[], colours: Colours): StudyMetaInfo['defaults'] {
  const ramp = strengthColours(colours);
  const middle = ramp[LEVELS / 2] ?? TRANSPARENT;
  return {
    styles: byId(numbers.flatMap(edgesOf), () => EDGE),
    filledAreasStyle: byId(numbers.map(areaId), () => ({
      color: middle,
      visible: true,
      transparency: 0,
    })),
    palettes: {
      [PALETTE]: { colors: ramp.map((color) => ({ color, width: 1, style: 0 })) },
    },
    inputs: { [REVISION_INPUT]: 0 },
  };
}

function byId<T>(ids: readonly string[], make: (id: string) => T): Record<string, T> {
  return Object.fromEntries(ids.map((id) => [id, make(id)]));
}
