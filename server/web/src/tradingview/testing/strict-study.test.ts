/** The fake must catch what the chart library would not stand. */
import { expect, test } from 'vitest';
import { bandIndicator } from '../band-metainfo';
import { USUAL_COLOURS } from '../strength-palette';
import type { CustomIndicator, PineContext, PineStudy, StudyMetaInfo } from '../study-api';
import { START } from './small-market';
import { STRICT_PINE, StrictStudy } from './strict-study';

const BAR = { time: START * 1000, open: 2, high: 3, low: 1, close: 2, volume: 5 };
const CHART = { ticker: 'A', period: '1', bars: [BAR, { ...BAR, time: BAR.time + 60_000 }] };
const [NONE, LOOK] = [[Number.NaN, Number.NaN, Number.NaN], { colours: USUAL_COLOURS, slots: 1 }];

type Main = PineStudy['main'];

function indicatorOf(main: Main, init?: PineStudy['init']): CustomIndicator {
  const constructor = function (this: PineStudy): void {
    this.main = main;
    if (init) this.init = init;
  } as unknown as CustomIndicator['constructor'];
  return bandIndicator({ description: 'X', shortDescription: 'X', ...LOOK }, constructor);
}

function changed(changes: (metainfo: StudyMetaInfo) => object): CustomIndicator {
  const indicator = indicatorOf(() => NONE);
  const metainfo = { ...indicator.metainfo, ...changes(indicator.metainfo) };
  return { ...indicator, metainfo };
}

test.each<[string, CustomIndicator, string]>([
  ['too few values', indicatorOf(() => [1, 2]), 'one value per plot'],
  ['a value that is none', indicatorOf(() => [1, Infinity, 0]), 'must be a number'],
  ['a colour that is none', indicatorOf(() => [1, 2, 16]), 'must be in its palette'],
  [
    'an unknown word',
    indicatorOf((context) => [(context as never)['bars'], 1, 1]),
    'no documented',
  ],
  [
    'another symbol in the end',
    indicatorOf(selectingSecond, askingForOne),
    'own symbol in the end',
  ],
  ['a symbol that is none', indicatorOf((context) => [...select(context, 1)]), 'no symbol 1'],
  ['a symbol asked for late', indicatorOf(askingLate), 'must be called in init'],
  ['an unknown symbol', indicatorOf(() => NONE, asking('B', '1')), 'study error'],
  ['another period', indicatorOf(() => NONE, asking('A', '5')), 'period of the chart'],
  ['numbers that change', indicatorOf(rememberingSometimes), 'always remember the same'],
  [
    'an arrow function',
    { ...indicatorOf(() => NONE), constructor: (() => 0) as never },
    'for `new`',
  ],
  ['an unknown key', changed(() => ({ colour: 'red' })), 'undocumented colour'],
  ['another id', changed(() => ({ id: 'X' })), 'tv-basicstudies-1'],
  ['areas without lines', changed(({ plots }) => ({ plots: [plots[2]] })), 'between two lines'],
  ['an area that is none', changed(() => ({ filledAreas: [] })), 'must be declared'],
  ['no palettes', changed(() => ({ palettes: {} })), 'must be declared'],
])('an indicator with %s is not taken', (_, indicator, rule) => {
  expect(() => new StrictStudy(indicator, { ...CHART, barsOf })).toThrow(rule);
});

function barsOf(ticker: string): (typeof BAR)[] | undefined {
  return ticker === 'A' ? [BAR] : undefined;
}

function* select(context: PineContext, index: number): Generator<number> {
  context.select_sym(index);
  yield* NONE;
}

function selectingSecond(context: PineContext): number[] {
  return [...select(context, 1)];
}

function asking(ticker: string, period: string): (context: PineContext) => void {
  return (context) => void context.new_sym(ticker, period);
}

function askingForOne(context: PineContext): void {
  asking('A', '1')(context);
}

function askingLate(context: PineContext): number[] {
  if (!Number.isNaN(context.symbol.time)) context.new_sym('A', '1');
  return NONE;
}

function rememberingSometimes(context: PineContext): number[] {
  if (context.symbol.time === BAR.time) context.new_unlimited_var(1);
  return NONE;
}

test('an indicator sees its chart, and is calculated anew only for another input', () => {
  const study = new StrictStudy(
    indicatorOf((context) => [
      STRICT_PINE.Std.low(context),
      STRICT_PINE.Std.high(context),
      Number.isNaN(context.symbol.time) ? Number.NaN : Number(STRICT_PINE.Std.period(context)),
    ]),
    CHART,
  );
  expect(study.rows).toEqual([[1, 3, 1], [1, 3, 1]]); // prettier-ignore
  study.setInputs([{ id: 'rev', value: 0 }]);
  expect(study.calculations).toBe(1);
  study.setInputs([{ id: 'rev', value: 7 }]);
  expect(study.calculations).toBe(2);
  expect(() => study.setInputs([{ id: 'length', value: 7 }])).toThrow('no input length');
});

test('a value is moved to the bar of its own time, once at most', () => {
  const main: Main = (context) => {
    const times = context.new_unlimited_var(context.symbol.time);
    context.select_sym(1);
    const own = context.new_unlimited_var(context.symbol.time);
    const low = context.new_unlimited_var(STRICT_PINE.Std.low(context));
    context.select_sym(0);
    return [low.adopt(own, times, 1), low.adopt(own, times, 0), Number.NaN];
  };
  const study = new StrictStudy(indicatorOf(main, askingForOne), { ...CHART, barsOf });
  expect(study.slot(0)).toMatchObject({ low: [1, Number.NaN], high: [1, 1] });
});
