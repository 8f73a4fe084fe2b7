import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { attachLiquidationBands } from './attach';
import { BandServer, type ListedBand, slotsOf } from './testing/band-server';
import { SYMBOL } from './testing/bar-server';
import { forSeeds, type MarketBar, Random, START } from './testing/small-market';
import { SmallServer } from './testing/small-server';
import { StrictChart } from './testing/strict-chart';

const TICKER = SYMBOL.ticker ?? '';
const OTHER = { ...SYMBOL, name: 'OTHER', ticker: 'SIMULATED:OTHER' };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Bars without holes, as the times of rectangles need them. */
const BARS: MarketBar[] = Array.from({ length: 60 }, (_, i) => {
  return { t: START + 60 * i, open: 100, high: 101, low: 99, close: 100, volume: 1 };
});

function bandsOf(random: Random): ListedBand[] {
  return Array.from({ length: random.whole(0, 8) }, () => {
    const low = 80 + 40 * random.next();
    const first_seen_ms = (START + random.whole(0, 3_600)) * 1000;
    return { low, high: low * 1.01, strength: random.next(), first_seen_ms };
  });
}

async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(50);
}

function chartOf(server: SmallServer) {
  const bars = BARS.map(({ t, ...rest }) => ({ time: t * 1000, ...rest }));
  const chart = new StrictChart({ symbol: SYMBOL, resolution: '1', bars });
  const problems: string[] = [];
  const connection = server.connection();
  const onProblem = (reason: string) => problems.push(reason);
  const options = { baseUrl: '', connection, overlay: 'none', rectangles: 8, onProblem } as const;
  return { chart, bars, problems, attach: () => attachLiquidationBands(chart.api, options) };
}

function expectShown(chart: StrictChart, bands: readonly ListedBand[]): void {
  const shown = chart.shapes.map(({ points: [first, last] }) => [first?.price, last?.price]);
  expect(shown).toEqual(bands.map(({ low, high }) => [low, high]));
  for (const [i, { points }] of chart.shapes.entries()) {
    const firstSeen = (bands[i]?.first_seen_ms ?? 0) / 1000;
    const begin = Math.min(Math.floor(firstSeen / 60) * 60, BARS.at(-1)?.t ?? 0);
    expect(points.map(({ time }) => time)).toEqual([begin, BARS.at(-1)?.t]);
  }
}

test('the rectangles are the strongest bands, whatever happened before', () =>
  forSeeds(20, async (random) => {
    let bands = bandsOf(random);
    const server = new BandServer(slotsOf(random, BARS), () => bands);
    const { chart, bars, problems, attach } = chartOf(server);
    const attached = await attach();
    for (let step = 0; step < 12; step++) {
      bands = bandsOf(random);
      random.one([
        () => chart.removeAllShapes(),
        () => server.drop(),
        () => chart.show(random.one([SYMBOL, OTHER]), random.one(['1', '5']), bars),
        () => undefined,
      ])();
      await vi.advanceTimersByTimeAsync(random.one([0, 1, 3, 50]));
    }
    bands = bandsOf(random);
    chart.show(SYMBOL, '1', bars);
    await settled();
    server.tell(TICKER, 'bands', { bands: [], provenance: { venues: [] } });
    await settled();
    expect(problems).toEqual([]);
    expectShown(chart, bands);
    await attached.close();
    expect(chart.shapes).toEqual([]);
    expect(server.streams).toEqual([]);
  }));

test('closing while a rectangle is being made leaves none', async () => {
  const bands = bandsOf(new Random(3));
  const server = new BandServer(slotsOf(new Random(3), BARS), () => bands);
  const { chart, attach } = chartOf(server);
  const attached = await attach();
  await vi.advanceTimersByTimeAsync(1);
  const closed = attached.close();
  await settled();
  await closed;
  expect(chart.shapes).toEqual([]);
});

test('why there are none is told', async () => {
  const problem = { title: 'Not found', detail: 'unknown symbol', status: 404 };
  const server = new SmallServer({ '/api/v1/bands': () => [404, problem] });
  const { problems, attach } = chartOf(server);
  await attach();
  await settled();
  expect(problems).toContain('unknown symbol');
});

test.each([-1, 51, 0.5])('%d rectangles are refused', async (rectangles) => {
  const { chart } = chartOf(new SmallServer({}));
  const asked = attachLiquidationBands(chart.api, { baseUrl: '', rectangles });
  await expect(asked).rejects.toThrow(`rectangles must be 0 to 50, was ${rectangles}`);
});
