/**
 * A strict fake of TradingView's chart object: indicators, drawings, and what tells of changes.
 * It was written from the published documentation; the library itself was never run.
 */
import type {
  ChartWidgetApi,
  CreateMultipointShapeOptions,
  EntityId,
  LineDataSourceApi,
  PaneApi,
  RectangleProperties,
  ShapePoint,
  Subscription,
  TimeScaleApi,
} from '../chart-api';
import type { ChartBar, LibrarySymbolInfo } from '../datafeed-api';
import type { CustomIndicator } from '../study-api';
import { check, checkKeys, documented } from './documented';
import { type BarsOf, StrictStudy } from './strict-study';

/** A rectangle on the chart. */
export interface StrictShape {
  readonly symbol: string;
  points: readonly ShapePoint[];
  look: RectangleProperties;
}

/** Panes and axes, for those who draw themselves. */
export interface StrictScales {
  readonly panes: PaneApi[];
  readonly timeScale: TimeScaleApi;
  readonly visibleRange: { from: number; to: number };
}

/** How a chart is made. */
export interface StrictChartOptions {
  readonly symbol: LibrarySymbolInfo;
  readonly resolution: string;
  readonly bars: readonly ChartBar[];
  readonly indicators?: readonly CustomIndicator[];
  readonly barsOf?: BarsOf;
  readonly scales?: StrictScales;
}

const LOOK = ['color', 'backgroundColor', 'fillBackground', 'linewidth', 'transparency'];
const SHAPE_OPTIONS = [
  'text',
  'lock',
  'disableSelection',
  'disableSave',
  'disableUndo',
  'showInObjectsTree',
  'zOrder',
  'overrides',
  'filled',
  'ownerStudyId',
];
const STUDY_OVERRIDES = ['showLabelsOnPriceScale', 'showLegendValues', 'showPriceLine'];

type AboutMethods = Pick<
  ChartWidgetApi,
  'symbolExt' | 'resolution' | 'onSymbolChanged' | 'onIntervalChanged' | 'onDataLoaded'
>;
type StudyMethods = Pick<ChartWidgetApi, 'createStudy' | 'getAllStudies' | 'getStudyById'>;
type DrawingMethods = Pick<
  ChartWidgetApi,
  'createMultipointShape' | 'getAllShapes' | 'getShapeById' | 'removeEntity'
>;
type AreaMethods = Pick<ChartWidgetApi, 'getPanes' | 'getTimeScale' | 'getVisibleRange'>;

/** A chart that allows what is documented. */
export class StrictChart {
  readonly api: ChartWidgetApi;
  readonly studies = new Map<EntityId, StrictStudy>();
  readonly #shapes = new Map<EntityId, StrictShape>();
  readonly #options: StrictChartOptions;
  readonly #symbolChanged = new StrictSubscription();
  readonly #intervalChanged = new StrictSubscription();
  readonly #dataLoaded = new StrictSubscription();
  #symbol: LibrarySymbolInfo;
  #resolution: string;
  #bars: readonly ChartBar[];
  #entities = 0;

  constructor(options: StrictChartOptions) {
    this.#options = options;
    this.#symbol = options.symbol;
    this.#resolution = options.resolution;
    this.#bars = options.bars;
    this.api = documented('the chart', {
      ...this.#about(),
      ...this.#indicators(),
      ...this.#drawings(),
      ...this.#areas(),
    });
  }

  /** Rectangles of the symbol that is shown. */
  get shapes(): StrictShape[] {
    return this.#shown().map(([, shape]) => shape);
  }

  /** The only indicator. */
  get study(): StrictStudy {
    const [study] = this.studies.values();
    check(this.studies.size === 1 && study !== undefined, 'there must be one indicator');
    return study;
  }

  /** Go on to another symbol or resolution, or to more bars of the same. */
  show(symbol: LibrarySymbolInfo, resolution: string, bars: readonly ChartBar[]): void {
    const isOther = symbol.ticker !== this.#symbol.ticker;
    const isLonger = resolution !== this.#resolution;
    [this.#symbol, this.#resolution, this.#bars] = [symbol, resolution, bars];
    for (const study of this.studies.values()) study.show(this.#shownToStudies());
    if (isOther) this.#symbolChanged.fire();
    if (isLonger) this.#intervalChanged.fire();
    this.#dataLoaded.fire();
  }

  /** Do what a user does who removes all drawings. */
  removeAllShapes(): void {
    for (const [id] of this.#shown()) this.#shapes.delete(id);
  }

  #about(): AboutMethods {
    return {
      symbolExt: () => this.#symbol,
      resolution: () => this.#resolution,
      onSymbolChanged: () => this.#symbolChanged.api,
      onIntervalChanged: () => this.#intervalChanged.api,
      onDataLoaded: () => this.#dataLoaded.api,
    };
  }

  #indicators(): StudyMethods {
    return {
      createStudy: async (name, _overlay, _lock, inputs, overrides) => {
        checkKeys('the overrides of a study', overrides, [], STUDY_OVERRIDES);
        await Promise.resolve();
        const { indicators = [] } = this.#options;
        const indicator = indicators.find((one) => one.metainfo.description === name);
        return indicator ? this.#addStudy(indicator, inputs) : null;
      },
      getAllStudies: () =>
        [...this.studies].map(([id, study]) => ({
          id,
          name: study.indicator.metainfo.description,
        })),
      getStudyById: (id) => {
        const study = this.studies.get(id);
        check(study !== undefined, `there is no study ${id}`);
        return documented('a study', { setInputValues: study.setInputs.bind(study) });
      },
    };
  }

  #drawings(): DrawingMethods {
    return {
      createMultipointShape: async (points, options) => {
        checkKeys('the options of a drawing', options, ['shape'], SHAPE_OPTIONS);
        this.#checkPoints(points);
        this.#checkLook(options);
        await new Promise((made) => setTimeout(made, 1));
        // The chart may have gone on to another symbol meanwhile.
        const { ticker = '' } = this.#symbol;
        return this.#add(this.#shapes, { symbol: ticker, points, look: options.overrides });
      },
      getAllShapes: () => this.#shown().map(([id]) => ({ id, name: 'rectangle' })),
      getShapeById: (id) => this.#drawing(id),
      removeEntity: (id) => {
        const isKnown = this.studies.has(id) || this.#shown().some(([shown]) => shown === id);
        check(isKnown, `there is no entity ${id}`);
        this.studies.delete(id);
        this.#shapes.delete(id);
      },
    };
  }

  #areas(): AreaMethods {
    const scales = () => {
      check(this.#options.scales !== undefined, 'this chart has no scales');
      return this.#options.scales;
    };
    return {
      getPanes: () => scales().panes,
      getTimeScale: () => scales().timeScale,
      getVisibleRange: () => scales().visibleRange,
    };
  }

  #addStudy(indicator: CustomIndicator, inputs: Record<string, number>): EntityId {
    const study = new StrictStudy(indicator, this.#shownToStudies());
    study.setInputs(Object.entries(inputs).map(([id, value]) => ({ id, value })));
    return this.#add(this.studies, study);
  }

  #shownToStudies(): ConstructorParameters<typeof StrictStudy>[1] {
    const { barsOf } = this.#options;
    const shown = { ticker: this.#symbol.ticker ?? '', period: this.#resolution, bars: this.#bars };
    return barsOf ? { ...shown, barsOf } : shown;
  }

  #drawing(id: EntityId): LineDataSourceApi {
    const shape = this.#shown().find(([shown]) => shown === id)?.[1];
    check(shape !== undefined, `there is no drawing ${id}`);
    return documented('a drawing', {
      setPoints: (points: ShapePoint[]) => {
        this.#checkPoints(points);
        shape.points = points;
      },
      setProperties: (look: RectangleProperties) => {
        checkKeys('the properties of a rectangle', look, [], LOOK);
        shape.look = look;
      },
    });
  }

  #checkPoints(points: readonly ShapePoint[]): void {
    check(points.length === 2, 'Wrong points count for "rectangle". Required 2');
    const last = this.#bars.at(-1)?.time ?? 0;
    const opens = new Set(this.#bars.map(({ time }) => time / 1000));
    const first = this.#bars[0]?.time ?? 0;
    for (const point of points) {
      checkKeys('a point', point, ['time', 'price']);
      check(point.time * 1000 <= last, 'a point must not lie after the last bar');
      const isOlder = point.time * 1000 < first;
      check(isOlder || opens.has(point.time), 'a point must stand at the open of a bar');
    }
  }

  #checkLook({ overrides, shape }: CreateMultipointShapeOptions): void {
    check(shape === 'rectangle', 'the shape must be a rectangle');
    checkKeys('the overrides of a rectangle', overrides, [], LOOK);
  }

  #shown(): [EntityId, StrictShape][] {
    return [...this.#shapes].filter(([, { symbol }]) => symbol === this.#symbol.ticker);
  }

  #add<T>(entities: Map<EntityId, T>, entity: T): EntityId {
    const id = `entity ${this.#entities++}`;
    entities.set(id, entity);
    return id;
  }
}

class StrictSubscription {
  readonly #callbacks: (() => void)[] = [];
  readonly api: Subscription<() => void> = documented('a subscription', {
    subscribe: (_: object | null, callback: () => void) => void this.#callbacks.push(callback),
    unsubscribe: (_: object | null, callback: () => void) => {
      const place = this.#callbacks.indexOf(callback);
      check(place >= 0, 'only what was subscribed can be unsubscribed');
      this.#callbacks.splice(place, 1);
    },
  });

  fire(): void {
    for (const callback of [...this.#callbacks]) callback();
  }
}
