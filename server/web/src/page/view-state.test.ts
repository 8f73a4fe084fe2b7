import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  DEFAULT_VIEW_STATE,
  formatViewState,
  LAYERS,
  MODES,
  PALETTES,
  parseViewState,
  REACHES,
  SCALES,
  SIDES,
  THEMES,
  type ViewState,
  VIEWS,
  WINDOWS,
} from './view-state';

const price = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
const moment = fc.integer({ min: 1, max: 4_102_444_800_000 });
const pairOf = (value: fc.Arbitrary<number>) =>
  fc.option(
    fc
      .uniqueArray(value, { minLength: 2, maxLength: 2 })
      .map((two) => [Math.min(...two), Math.max(...two)] as const),
  );

const STATES: fc.Arbitrary<ViewState> = fc.record({
  view: fc.constantFrom(...VIEWS),
  symbol: fc.constantFrom('', 'BINANCE:BTCUSDT.P', 'ALL:BTCUSD.P', 'OTC:EUR/USD'),
  timeframe: fc.constantFrom('auto', '1m', '30m', '4h', '1M'),
  autoTimeframe: fc.constantFrom('', '3m', '1w'),
  window: fc.constantFrom(...WINDOWS),
  venues: fc.constantFrom([], ['bybit'], ['bybit', 'dydx_v4']),
  side: fc.constantFrom(...SIDES),
  leverage: fc.constantFrom('', '50-100x', '100x+', '0.5-1 ATR'),
  maxAge: fc.constantFrom('' as const, ...WINDOWS),
  mode: fc.constantFrom(...MODES),
  palette: fc.constantFrom(...PALETTES),
  intensity: pairOf(price),
  theme: fc.constantFrom(...THEMES),
  scale: fc.constantFrom(...SCALES),
  layers: fc.subarray([...LAYERS]),
  visible: pairOf(moment),
  prices: pairOf(price),
  atMs: fc.option(moment),
  reach: fc.constantFrom(...REACHES),
  panel: fc.boolean(),
  sort: fc.constantFrom('notional', '-notional', 'age', '-distance'),
});

test('every state comes back from its address', () => {
  fc.assert(
    fc.property(STATES, (state) => {
      expect(parseViewState(formatViewState(state))).toEqual(state);
      expect(parseViewState(`?${formatViewState(state)}`)).toEqual(state);
    }),
  );
});

test('the default has the shortest address', () => {
  expect(formatViewState(DEFAULT_VIEW_STATE)).toBe('');
  expect(parseViewState('')).toEqual(DEFAULT_VIEW_STATE);
});

test('an address reads well', () => {
  const state = { ...DEFAULT_VIEW_STATE, symbol: 'BYBIT:BTCUSDT.P', venues: ['a', 'b'] };
  expect(formatViewState(state)).toBe('symbol=BYBIT:BTCUSDT.P&venues=a,b');
});

test.each([
  'view=moon',
  'timeframe=61',
  'intensity=5,1',
  'intensity=a,b',
  'intensity=1,2,3',
  'visible=-4,7',
  'prices=0,1',
  'at=yesterday',
  'panel=maybe',
  'symbol=<script>',
  'sort=no;sense',
  'nothing=at&all=',
])('%s is not believed', (search) => {
  expect(parseViewState(search)).toEqual(DEFAULT_VIEW_STATE);
});

test('anything at all can be read', () => {
  fc.assert(fc.property(fc.string(), (search) => void parseViewState(search)));
});

test('no layers are not the default layers', () => {
  expect(formatViewState({ ...DEFAULT_VIEW_STATE, layers: [] })).toBe('layers=none');
  expect(parseViewState('layers=none').layers).toEqual([]);
});
