/** The fake must catch what the chart library would not stand. */
import { expect, test } from 'vitest';
import type { CreateMultipointShapeOptions, ShapePoint } from '../chart-api';
import { SYMBOL } from './bar-server';
import { START } from './small-market';
import { StrictChart } from './strict-chart';

const BARS = [0, 1, 2].map((minute) => {
  return { time: (START + 60 * minute) * 1000, open: 2, high: 3, low: 1, close: 2 };
});
const POINTS = [{ time: START, price: 1 }, { time: START + 120, price: 2 }]; // prettier-ignore
const LOOK = {
  color: 'red',
  backgroundColor: 'red',
  fillBackground: true,
  linewidth: 0,
  transparency: 0,
};
const OPTIONS: CreateMultipointShapeOptions = {
  shape: 'rectangle',
  lock: true,
  disableSelection: true,
  disableSave: true,
  disableUndo: true,
  showInObjectsTree: false,
  zOrder: 'bottom',
  overrides: LOOK,
};

function chart(): StrictChart {
  return new StrictChart({ symbol: SYMBOL, resolution: '1', bars: BARS });
}

test.each<[string, ShapePoint[], object, string]>([
  ['one point', POINTS.slice(1), OPTIONS, 'Required 2'],
  [
    'a point between bars',
    [{ time: START + 30, price: 1 }, POINTS[1] as ShapePoint],
    OPTIONS,
    'open of a bar',
  ],
  [
    'a point to come',
    [POINTS[0] as ShapePoint, { time: START + 180, price: 1 }],
    OPTIONS,
    'after the last bar',
  ],
  ['an unknown option', POINTS, { ...OPTIONS, opacity: 1 }, 'undocumented opacity'],
  [
    'an unknown property',
    POINTS,
    { ...OPTIONS, overrides: { ...LOOK, blur: 1 } },
    'undocumented blur',
  ],
])('a drawing with %s is not made', async (_, points, options, rule) => {
  const made = chart().api.createMultipointShape(points, options as CreateMultipointShapeOptions);
  await expect(made).rejects.toThrow(rule);
});

test('what is not there cannot be had, changed or removed', () => {
  const { api } = chart();
  expect(() => (api as never)['drawRectangle']).toThrow('no documented drawRectangle');
  expect(() => api.getShapeById('x')).toThrow('no drawing x');
  expect(() => api.getStudyById('x')).toThrow('no study x');
  expect(() => api.removeEntity('x')).toThrow('no entity x');
  expect(() => api.onSymbolChanged().unsubscribe(null, () => undefined)).toThrow('was subscribed');
});

test('an indicator that was not announced is not made', async () => {
  expect(await chart().api.createStudy('Unknown', true, false, {}, {})).toBeNull();
});

test('drawings of another symbol are hidden until it is shown again', async () => {
  const shown = chart();
  await shown.api.createMultipointShape(POINTS, OPTIONS);
  shown.show({ ...SYMBOL, ticker: 'OTHER' }, '1', BARS);
  expect(shown.api.getAllShapes()).toEqual([]);
  shown.show(SYMBOL, '1', BARS);
  expect(shown.api.getAllShapes()).toHaveLength(1);
});
