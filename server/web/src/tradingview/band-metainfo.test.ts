import { expect, test } from 'vitest';
import { bandMetaInfo } from './band-metainfo';
import { strengthColours, USUAL_COLOURS } from './strength-palette';

const INDICATOR = {
  description: 'Bands',
  shortDescription: 'B',
  slots: 32,
  colours: USUAL_COLOURS,
};

test('each slot is two lines that are not seen, a colour, and the area between the lines', () => {
  const { plots, filledAreas, defaults } = bandMetaInfo(INDICATOR);
  expect(plots).toHaveLength(96);
  expect(filledAreas).toHaveLength(32);
  for (const [slot, area] of filledAreas.entries()) {
    const [low, high, colour] = plots.slice(3 * slot);
    expect([area.objAId, area.objBId]).toEqual([low?.id, high?.id]);
    expect(colour).toMatchObject({ type: 'colorer', target: area.id, palette: area.palette });
    expect(defaults.styles[area.objAId]).toMatchObject({ transparency: 100, trackPrice: false });
  }
});

test('nothing is drawn across an empty bar', () => {
  const { filledAreas, defaults } = bandMetaInfo(INDICATOR);
  const LINE_WITH_BREAKS = 7;
  expect(filledAreas.every(({ fillgaps }) => !fillgaps)).toBe(true);
  const styles = Object.values(defaults.styles);
  expect(styles.every(({ plottype }) => plottype === LINE_WITH_BREAKS)).toBe(true);
});

test('step n of sixteen has colour n', () => {
  const { palettes, defaults } = bandMetaInfo(INDICATOR);
  const [name] = Object.keys(palettes) as [string];
  const numbers = Object.entries(palettes[name]?.valToIndex ?? {});
  expect(numbers).toEqual(Array.from({ length: 16 }, (_, n) => [String(n), n]));
  const colours = defaults.palettes[name]?.colors.map(({ color }) => color);
  expect(colours).toEqual(strengthColours(USUAL_COLOURS));
});
