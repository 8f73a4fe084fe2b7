import { expect, test } from 'vitest';
import { ColumnAxis, geometryOf, viewportOf } from './canvas-geometry';
import type { ChartWidgetApi, PaneApi } from './chart-api';
import { forSeeds, marketOf, type Random } from './testing/small-market';

/** What a chart shows; bars are counted from the first. */
interface View {
  first: number;
  spacing: number;
  mode: number;
  inverted: boolean;
}

const [WIDTH, HEIGHT] = [800, 400];
const PRICES = { from: 50, to: 200 };

function paneOf({ mode, inverted }: View): PaneApi {
  return {
    hasMainSeries: () => true,
    getHeight: () => HEIGHT,
    getMainSourcePriceScale: () => ({
      getMode: () => mode,
      isInverted: () => inverted,
      getVisiblePriceRange: () => PRICES,
    }),
  };
}

function chartOf({ first, spacing }: View, times: readonly number[]): ChartWidgetApi {
  const timeScale = {
    width: () => WIDTH,
    barSpacing: () => spacing,
    coordinateToTime: (x: number) => times[Math.floor(first + x / spacing)] ?? null,
  };
  return { getTimeScale: () => timeScale } as unknown as ChartWidgetApi;
}

function viewOf(random: Random): View {
  return {
    first: random.whole(-20, 80) + random.next(),
    spacing: 2 + 20 * random.next(),
    mode: random.whole(0, 1),
    inverted: random.next() < 0.5,
  };
}

function timesOf(random: Random): number[] {
  return marketOf(random, 120, 60).map(({ t }) => t);
}

test('every bar lies where the chart has it, whatever is missing between bars', () =>
  forSeeds(200, (random) => {
    const [times, view] = [timesOf(random), viewOf(random)];
    const geometry = geometryOf(chartOf(view, times), paneOf(view));
    if (!geometry) return expect(view.first + WIDTH / view.spacing).toBeLessThan(3);
    const axis = new ColumnAxis(60_000);
    axis.add(times.slice(60).map((t) => t * 1000));
    axis.add(times.slice(0, 60).map((t) => t * 1000));
    const ratio = random.one([1, 1.5, 2]);
    const viewport = viewportOf(geometry, axis, ratio);
    for (const [bar, t] of times.entries()) {
      const x = (bar - view.first) * view.spacing * ratio;
      expect(Math.abs(viewport.edge(axis.indexOf(t * 1000)) - x)).toBeLessThan(0.05 * ratio);
    }
  }));

test('prices lie where the scale has them', () =>
  forSeeds(50, (random) => {
    const [times, view] = [timesOf(random), { ...viewOf(random), first: 0 }];
    const geometry = geometryOf(chartOf(view, times), paneOf(view));
    const viewport = viewportOf(geometry as NonNullable<typeof geometry>, new ColumnAxis(1), 1);
    const middle = view.mode === 1 ? 100 : 125;
    const [top, bottom] = view.inverted ? [50, 200] : [200, 50];
    expect(viewport.y(top)).toBeCloseTo(0);
    expect(viewport.y(middle)).toBeCloseTo(HEIGHT / 2);
    expect(viewport.y(bottom)).toBeCloseTo(HEIGHT);
  }));

test.each([2, 3])('nothing is placed on a scale of mode %d', (mode) => {
  const view = { first: 0, spacing: 9, mode, inverted: false };
  expect(geometryOf(chartOf(view, [60, 120, 180]), paneOf(view))).toBeNull();
});

test('bars before and after those that are known are counted on', () => {
  const axis = new ColumnAxis(60_000);
  axis.add([600_000, 660_000]);
  expect([480_000, 600_000, 660_000, 780_000].map((time) => axis.placeOf(time))).toEqual([
    -2, 0, 1, 3,
  ]);
});
