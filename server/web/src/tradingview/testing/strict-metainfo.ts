/** The documented rules for what is fixed about a custom indicator. */
import type { CustomIndicator, StudyMetaInfo } from '../study-api';
import { check, checkKeys } from './documented';

const ID = /^.+@tv-basicstudies-1$/;
const COLOUR = /^(#[0-9a-f]{6}|rgba?\(.+\))$/i;
const LINE_TYPES = new Set([0, 1, 3, 4, 5, 6, 7, 8, 9]);

/** Throw unless an indicator is described as a chart needs it. */
export function checkIndicator(indicator: CustomIndicator): void {
  checkKeys('an indicator', indicator, ['name', 'metainfo', 'constructor']);
  check('prototype' in indicator.constructor, 'constructor must be a function for `new`');
  const { metainfo } = indicator;
  checkKeys(
    'metainfo',
    metainfo,
    [
      '_metainfoVersion',
      'id',
      'description',
      'shortDescription',
      'isCustomIndicator',
      'format',
      'plots',
      'defaults',
      'styles',
      'inputs',
    ],
    ['name', 'is_price_study', 'linkedToSeries', 'behind_chart', 'filledAreas', 'palettes'],
  );
  check(ID.test(metainfo.id), 'id must end in @tv-basicstudies-1');
  check(metainfo.isCustomIndicator, 'isCustomIndicator must be true');
  checkPlots(metainfo);
  checkAreas(metainfo);
  checkPalettes(metainfo);
  checkInputs(metainfo);
}

function checkPlots({ plots, filledAreas, palettes, defaults, styles }: StudyMetaInfo): void {
  const ids = plots.map(({ id }) => id);
  check(new Set(ids).size === ids.length, 'ids of plots must be unique');
  const targets = new Set([...ids, ...filledAreas.map(({ id }) => id)]);
  for (const plot of plots) {
    if (plot.type === 'line') {
      checkKeys(`plot ${plot.id}`, plot, ['id', 'type']);
      checkLine(plot.id, defaults.styles[plot.id]);
      checkKeys('a style', styles[plot.id] ?? {}, ['title'], ['histogramBase', 'isHidden']);
    } else {
      checkKeys(`plot ${plot.id}`, plot, ['id', 'type', 'target', 'palette']);
      check(plot.type === 'colorer', `plots must be of a known type, was ${String(plot.type)}`);
      check(targets.has(plot.target), `the target of ${plot.id} must be declared`);
      check(plot.palette in palettes, `the palette of ${plot.id} must be declared`);
    }
  }
}

function checkLine(
  id: string,
  style: StudyMetaInfo['defaults']['styles'][string] | undefined,
): void {
  check(style !== undefined, `defaults.styles must have ${id}`);
  checkKeys(
    `the style of ${id}`,
    style,
    ['color', 'linestyle', 'linewidth', 'plottype', 'trackPrice', 'visible'],
    ['transparency', 'display'],
  );
  check(LINE_TYPES.has(style.plottype), `plottype must be documented, was ${style.plottype}`);
  check(COLOUR.test(style.color), `${style.color} must be #RRGGBB or rgba()`);
}

function checkAreas({ plots, filledAreas, palettes, defaults }: StudyMetaInfo): void {
  const lines = new Set(plots.filter(({ type }) => type === 'line').map(({ id }) => id));
  for (const area of filledAreas) {
    checkKeys(
      'a filled area',
      area,
      ['id', 'objAId', 'objBId', 'type', 'title'],
      ['palette', 'fillgaps', 'isHidden', 'zorder'],
    );
    check(area.type === 'plot_plot', 'a filled area must be plot_plot');
    check(
      lines.has(area.objAId) && lines.has(area.objBId),
      `${area.id} must lie between two lines`,
    );
    check(area.palette in palettes, `the palette of ${area.id} must be declared`);
    const style = defaults.filledAreasStyle[area.id];
    checkKeys(`the style of ${area.id}`, style ?? {}, ['color', 'visible', 'transparency']);
  }
}

function checkPalettes({ palettes, defaults }: StudyMetaInfo): void {
  for (const [name, palette] of Object.entries(palettes)) {
    checkKeys('a palette', palette, ['colors'], ['valToIndex', 'addDefaultColor']);
    const colours = defaults.palettes[name]?.colors ?? [];
    check(colours.length === palette.colors.length, `${name} must have a colour for each name`);
    for (const { color } of colours) {
      check(COLOUR.test(color), `${color} must be #RRGGBB or rgba()`);
    }
    const indexes = Object.values(palette.valToIndex);
    check(
      indexes.every((index) => index in palette.colors),
      `${name} must map to its colours`,
    );
  }
}

function checkInputs({ inputs, defaults }: StudyMetaInfo): void {
  for (const input of inputs) {
    checkKeys('an input', input, ['id', 'name', 'type', 'defval'], ['isHidden']);
    check(Number.isInteger(input.defval), 'an integer input must begin with an integer');
    check(defaults.inputs[input.id] === input.defval, `defaults.inputs must have ${input.id}`);
  }
}
