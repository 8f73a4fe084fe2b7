import { beforeAll, describe, expect, test } from 'vitest';
import { CountingCanvas, CountingContext, installCanvases } from '../testing/counting-canvas';
import { axisOf, minutes, type SmallView, smallGrid, viewOf } from '../testing/small-grid';
import { TilePainter } from './paint';
import { HeatTile } from './tile';

beforeAll(installCanvases);

const ROWS = 40;
/** 40 rows of 1 % from 100 reach to 100 * exp(0.4) = 149.2. */
const TOP = 100 * Math.exp(0.4);

/** Paint a tile of 40 columns on a chart of 40 bars; return what was drawn, and where. */
function painted(view: SmallView = {}, bars = minutes(40), leadTo: number | null = null) {
  const painter = new TilePainter(new HeatTile(smallGrid(minutes(40), ROWS)));
  const context = new CountingContext();
  painter.paint(context, viewOf({ high: TOP, ...view }), axisOf(bars), leadTo);
  return { context, painter };
}

describe('on a logarithmic scale', () => {
  test('a tile is one picture', () => {
    const { context } = painted();
    expect(context.drawn).toHaveLength(1);
    expect(context.drawn[0]).toMatchObject({ source: [0, 0, 40, 40], target: [0, 0, 400, 400] });
  });

  test('only columns and rows that can be seen are drawn', () => {
    // Bars 10 to 14, and the prices of rows 10 to 19: 100 * exp(0.1) to 100 * exp(0.2).
    const [low, high] = [100 * Math.exp(0.1001), 100 * Math.exp(0.1999)];
    const { context } = painted({ firstBar: 10, barWidth: 80, low, high });
    expect(context.drawn[0]?.source).toEqual([10, 20, 5, 10]);
  });

  test('a gap in the bars parts the picture', () => {
    const bars = minutes(40).filter((time) => time !== 600_000);
    expect(painted({}, bars).context.drawn.map(({ source }) => [source[0], source[2]])).toEqual([
      [0, 10],
      [11, 29],
    ]);
  });

  test('the last column is repeated up to where the chart ends', () => {
    const { context } = painted({ width: 450 }, minutes(40), 45);
    expect(context.drawn[1]).toMatchObject({ source: [39, 0, 1, 40], target: [400, 0, 50, 400] });
  });

  test('nothing is drawn beside the tile', () => {
    expect(painted({ firstBar: 60 }).context.drawn).toEqual([]);
  });
});

describe('on a linear scale', () => {
  const linear = { scale: 'linear', low: 80, high: 180 } as const;

  test('a tile is one picture as well, of equal steps of price', () => {
    const { context } = painted(linear);
    const [drawn] = context.drawn;
    expect(context.drawn).toHaveLength(1);
    // 100 is 20 % above the lower end and 149.2 is 69.2 %: 400 * (1 - 0.692) = 123 from the top.
    expect(drawn?.target).toEqual([0, 123, 400, 197]);
  });

  test('each row lies where its prices are, within a pixel', () => {
    const { context } = painted(linear);
    const picture = context.drawn[0]?.picture as CountingCanvas;
    const [, sourceTop, , sourceRows] = context.drawn[0]?.source ?? [0, 0, 0, 0];
    const [, top, , height] = context.drawn[0]?.target ?? [0, 0, 0, 0];
    for (const { source, target } of picture.context.drawn) {
      const row = ROWS - 1 - source[1];
      const y = top + ((target[1] - sourceTop) / sourceRows) * height;
      expect(Math.abs(y - viewOf(linear).y(100 * Math.exp((row + 1) * 0.01)))).toBeLessThanOrEqual(
        1,
      );
    }
    expect(picture.context.drawn).toHaveLength(ROWS);
  });

  test('moving or zooming a little makes no new picture', () => {
    const { context, painter } = painted(linear);
    const picture = context.drawn[0]?.picture as CountingCanvas;
    for (const [low, high] of [
      [85, 185],
      [90, 170],
      [75, 190],
    ] as const) {
      painter.paint(context, viewOf({ ...linear, low, high }), axisOf(minutes(40)), null);
    }
    expect(context.drawn).toHaveLength(4);
    expect(picture.context.drawn).toHaveLength(ROWS);
  });

  test('a new column makes that column anew', () => {
    const { context, painter } = painted(linear);
    const picture = context.drawn[0]?.picture as CountingCanvas;
    painter.bake(() => new Uint32Array(256), 39, 40);
    painter.paint(context, viewOf(linear), axisOf(minutes(40)), null);
    const made = picture.context.drawn.slice(ROWS);
    expect(made).toHaveLength(ROWS);
    expect(made.every(({ source, target }) => source[0] === 39 && target[2] === 1)).toBe(true);
  });
});

describe('on any other scale', () => {
  const other = { scale: 'other', low: 20, high: 400 } as const;

  test('at most every row is drawn by itself, without gaps between them', () => {
    const { context } = painted(other);
    expect(context.drawn.length).toBeGreaterThan(ROWS / 2);
    expect(context.drawn.length).toBeLessThanOrEqual(ROWS);
    context.drawn.slice(1).forEach(({ target }, i) => {
      expect(target[1] + target[3]).toBe(context.drawn[i]?.target[1]);
    });
  });
});

test.each(['linear', 'logarithmic', 'other'] as const)(
  'an inverted %s scale is drawn mirrored',
  (scale) => {
    const upright = painted({ scale, low: 80, high: 180 });
    const inverted = painted({ scale, low: 80, high: 180, isInverted: true });
    expect(inverted.context.transforms).toEqual([[1, 0, 0, -1, 0, 400]]);
    expect(inverted.context.drawn.map(({ target }) => target)).toEqual(
      upright.context.drawn.map(({ target }) => target),
    );
  },
);
