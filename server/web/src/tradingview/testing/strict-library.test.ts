/** The fake must catch what the chart library would not stand. */
import { expect, test } from 'vitest';
import type { ChartBar, Datafeed, HistoryMetadata } from '../datafeed-api';
import { SYMBOL } from './bar-server';
import { START } from './small-market';
import { Dataset, StrictLibrary } from './strict-library';

const PERIOD = { from: START, to: START + 600, countBack: 2, firstDataRequest: true };

function bar(minute: number, changes: Partial<ChartBar> = {}): ChartBar {
  const time = (START + 60 * minute) * 1000;
  return { time, open: 2, high: 3, low: 1, close: 2, volume: 5, ...changes };
}

function libraryOf(methods: Partial<Datafeed>): StrictLibrary {
  return new StrictLibrary(methods as Datafeed);
}

function answering(bars: ChartBar[], meta?: HistoryMetadata): StrictLibrary {
  return libraryOf({
    getBars: (_symbol, _resolution, _period, give) => queueMicrotask(() => give(bars, meta)),
  });
}

test.each<[string, ChartBar[], HistoryMetadata | undefined, string]>([
  ['out of order', [bar(2), bar(1)], undefined, 'ascending'],
  ['twice', [bar(1), bar(1)], undefined, 'unique'],
  ['after `to`', [bar(9), bar(10)], undefined, 'at or after `to`'],
  ['between bars', [bar(1, { time: (START + 90) * 1000 })], undefined, 'must match a bar of 1'],
  ['in seconds', [bar(1, { time: START })], undefined, 'milliseconds'],
  ['with a hole', [bar(1, { close: Number.NaN })], undefined, 'numbers only'],
  ['upside down', [bar(1, { low: 4 })], undefined, 'low <= open'],
  [
    'with more than is known',
    [{ ...bar(1), trades: 3 } as ChartBar],
    undefined,
    'undocumented trades',
  ],
  ['empty without a word', [], undefined, 'noData'],
  ['full and at an end', [bar(1)], { noData: true }, 'noData'],
  ['with a next time to come', [], { noData: true, nextTime: (START + 60) * 1000 }, 'nextTime'],
])('bars %s are not taken', async (_, bars, meta, rule) => {
  const dataset = new Dataset(SYMBOL, '1');
  await expect(answering(bars, meta).bars(dataset, PERIOD)).rejects.toThrow(rule);
});

test('an answer while it is being asked is not taken', async () => {
  const atOnce = libraryOf({ onReady: (give) => give({ supported_resolutions: ['1'] }) });
  await expect(atOnce.ready()).rejects.toThrow('while it was asked');
});

test('a second answer is not taken', async () => {
  const twice = libraryOf({
    getServerTime: (give) => queueMicrotask(() => [give(START), give(START)]),
  });
  await twice.serverTime();
  expect(() => twice.verify()).toThrow('called back twice');
});

test('a reason that is no text is not taken', async () => {
  const wrong = libraryOf({
    resolveSymbol: (_name, _give, refuse) => queueMicrotask(() => refuse('')),
  });
  await expect(wrong.resolve('X')).rejects.toThrow('must be text');
});

test.each<[string, ChartBar, string]>([
  ['before the last one', bar(0), 'time violation'],
  ['between two bars', bar(2, { time: (START + 90) * 1000 }), 'must match a bar'],
])('a live bar %s is not taken', (_, live, rule) => {
  const library = libraryOf({ subscribeBars: (_symbol, _resolution, tick) => tick(live) });
  const dataset = new Dataset(SYMBOL, '1');
  dataset.add([bar(1)]);
  library.subscribe(dataset);
  expect(() => library.verify()).toThrow(rule);
});

test('a live bar to one who has left is not taken', () => {
  let tell = (_: ChartBar): void => undefined;
  const library = libraryOf({
    subscribeBars: (_symbol, _resolution, tick) => {
      tell = tick;
    },
    unsubscribeBars: () => undefined,
  });
  library.subscribe(new Dataset(SYMBOL, '1'))();
  tell(bar(1));
  expect(() => library.verify()).toThrow('after unsubscribeBars');
});

test('a mark between two bars is not taken', async () => {
  const mark = { id: 1, time: START + 90, color: 'red', text: 'x', label: 'L' };
  const marks = [{ ...mark, labelFontColor: 'white', minSize: 9 }];
  const library = libraryOf({ getMarks: (_s, _f, _t, give) => queueMicrotask(() => give(marks)) });
  const dataset = new Dataset(SYMBOL, '1');
  dataset.add([bar(1)]);
  await expect(library.marks(dataset)).rejects.toThrow('must be that of a bar');
});
