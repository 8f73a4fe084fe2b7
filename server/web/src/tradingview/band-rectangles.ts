/** The strongest bands of now as rectangles, from when they were first seen to the last bar. */
import type { Band, BandsAnswer } from '../client';
import type { ChartWidgetApi, EntityId, RectangleProperties, ShapePoint } from './chart-api';
import type { Connection } from './connection';
import { type Timeframe, timeframeOf } from './resolutions';
import type { Following } from './shared-streams';
import { type Colours, strengthColour } from './strength-palette';

/** Each rectangle is a drawing with all that belongs to one; more of them make a chart slow. */
export const MOST_RECTANGLES = 50;

/** Which rectangles. */
export interface RectangleOptions {
  readonly count: number;
  readonly colours: Colours;
  /** Told why there are none. */
  readonly onProblem: (reason: string) => void;
}

/** Keeps rectangles in step with the bands of the chart's symbol. */
export class BandRectangles {
  readonly #chart: ChartWidgetApi;
  readonly #connection: Connection;
  readonly #options: RectangleOptions;
  /** Drawings by symbol: a chart hides those of other symbols, and shows them again later. */
  readonly #shapes = new Map<string, EntityId[]>();
  #following: Following | null = null;
  #work: Promise<void> = Promise.resolve();
  #subject = '';
  #isClosed = false;

  constructor(chart: ChartWidgetApi, connection: Connection, options: RectangleOptions) {
    this.#chart = chart;
    this.#connection = connection;
    this.#options = options;
    chart.onSymbolChanged().subscribe(null, this.#follow);
    chart.onIntervalChanged().subscribe(null, this.#follow);
    this.#follow();
  }

  /** Remove all rectangles; resolves when they have gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#following?.close();
    this.#chart.onSymbolChanged().unsubscribe(null, this.#follow);
    this.#chart.onIntervalChanged().unsubscribe(null, this.#follow);
    await this.#work;
    for (const id of this.#present([...this.#shapes.values()].flat())) this.#chart.removeEntity(id);
  }

  /** Follow what the chart shows now. */
  readonly #follow = (): void => {
    const ticker = tickerOf(this.#chart);
    const timeframe = timeframeOf(this.#chart.resolution());
    const subject = `${ticker} ${timeframe?.name}`;
    if (subject === this.#subject) return;
    this.#subject = subject;
    this.#following?.close();
    this.#following = null;
    if (!timeframe) return;
    const refresh = () => void this.#refresh(subject, ticker, timeframe);
    const { streams } = this.#connection;
    this.#following = streams.follow(ticker, timeframe.name, { bands: refresh, reload: refresh });
    refresh();
  };

  async #refresh(subject: string, symbol: string, timeframe: Timeframe): Promise<void> {
    const question = { symbol, limit: this.#options.count };
    try {
      const answer = await this.#connection.client.bands(question);
      const shown = this.#work.then(() => this.#show(subject, symbol, timeframe, answer));
      // What comes next waits for this, but does not fail with it.
      this.#work = shown.catch(() => undefined);
      await shown;
    } catch (error) {
      this.#options.onProblem(error instanceof Error ? error.message : String(error));
    }
  }

  async #show(
    subject: string,
    symbol: string,
    timeframe: Timeframe,
    answer: BandsAnswer,
  ): Promise<void> {
    const isCurrent = () => !this.#isClosed && subject === this.#subject;
    if (!isCurrent()) return;
    const shapes = this.#present(this.#shapes.get(symbol) ?? []);
    for (const id of shapes.splice(answer.bands.length)) this.#chart.removeEntity(id);
    this.#shapes.set(symbol, shapes);
    for (const [place, band] of answer.bands.entries()) {
      const points = pointsOf(band, answer.timeMs, timeframe);
      const id = shapes[place];
      if (id === undefined) shapes.push(await this.#create(points, band));
      else this.#move(id, points, band);
      if (!isCurrent()) return this.#discardLast(shapes);
    }
  }

  /** Remove a drawing during whose making the chart went on to something else. */
  #discardLast(shapes: EntityId[]): void {
    for (const id of this.#present(shapes.splice(-1))) this.#chart.removeEntity(id);
  }

  #create(points: ShapePoint[], band: Band): Promise<EntityId> {
    return this.#chart.createMultipointShape(points, {
      shape: 'rectangle',
      lock: true,
      disableSelection: true,
      disableSave: true,
      disableUndo: true,
      showInObjectsTree: false,
      zOrder: 'bottom',
      overrides: this.#look(band),
    });
  }

  #move(id: EntityId, points: ShapePoint[], band: Band): void {
    const shape = this.#chart.getShapeById(id);
    shape.setPoints(points);
    shape.setProperties(this.#look(band));
  }

  #look(band: Band): RectangleProperties {
    const colour = strengthColour(band.strength, this.#options.colours);
    return {
      color: colour,
      backgroundColor: colour,
      fillBackground: true,
      linewidth: 0,
      transparency: 0,
    };
  }

  /** Return those drawings that are on the chart: users may have removed some. */
  #present(ids: readonly EntityId[]): EntityId[] {
    const there = new Set(this.#chart.getAllShapes().map(({ id }) => id));
    return ids.filter((id) => there.has(id));
  }
}

/** Return the ticker of the symbol that a chart shows. */
export function tickerOf(chart: ChartWidgetApi): string {
  const { ticker, name } = chart.symbolExt();
  return ticker ?? name;
}

function pointsOf(band: Band, closeMs: number, timeframe: Timeframe): ShapePoint[] {
  // The last bar used is the one before its close.
  const endMs = timeframe.openOf(closeMs - 1);
  const startMs = Math.min(timeframe.openOf(band.firstSeenMs), endMs);
  return [
    { time: startMs / 1000, price: band.low },
    { time: endMs / 1000, price: band.high },
  ];
}
