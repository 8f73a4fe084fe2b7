/**
 * The parts of TradingView's chart object that we call, in our own words.  Times are UTC seconds,
 * lengths CSS pixels, prices quote per base.
 */
import type { LibrarySymbolInfo } from './datafeed-api';

/** Name of a drawing or an indicator on a chart. */
export type EntityId = string;

/** A place on a chart; its time must be the open of a bar. */
export interface ShapePoint {
  time: number;
  price: number;
}

/** How a drawing is made, and what the user may do with it. */
export interface CreateMultipointShapeOptions {
  shape: 'rectangle';
  lock: boolean;
  disableSelection: boolean;
  disableSave: boolean;
  disableUndo: boolean;
  showInObjectsTree: boolean;
  zOrder: 'top' | 'bottom';
  overrides: RectangleProperties;
}

/** Colours and lines of a rectangle; transparency per cent. */
export interface RectangleProperties {
  color: string;
  backgroundColor: string;
  fillBackground: boolean;
  linewidth: number;
  transparency: number;
}

/** A drawing. */
export interface LineDataSourceApi {
  setPoints(points: ShapePoint[]): void;
  setProperties(properties: RectangleProperties): void;
}

/** An indicator on a chart. */
export interface StudyApi {
  setInputValues(values: { id: string; value: number }[]): void;
}

/** Something that calls back until it is told to stop. */
export interface Subscription<Callback> {
  subscribe(owner: object | null, callback: Callback): void;
  unsubscribe(owner: object | null, callback: Callback): void;
}

/** The time axis. */
export interface TimeScaleApi {
  /** Width of a bar and the space beside it. */
  barSpacing(): number;
  /** Width of the axis, that is of the pane. */
  width(): number;
  /** Time of the bar at a distance from the left edge; null where there is none. */
  coordinateToTime(x: number): number | null;
}

/** A price axis; modes are 0 linear, 1 logarithmic, 2 per cent, 3 indexed to 100. */
export interface PriceScaleApi {
  getMode(): number;
  isInverted(): boolean;
  getVisiblePriceRange(): { from: number; to: number } | null;
}

/** One of the areas stacked above each other. */
export interface PaneApi {
  hasMainSeries(): boolean;
  getHeight(): number;
  getMainSourcePriceScale(): PriceScaleApi | null;
}

/** Something on a chart. */
export interface EntityInfo {
  readonly id: EntityId;
  /** Of an indicator: its description. */
  readonly name: string;
}

/** A chart, as `widget.activeChart()` returns it. */
export interface ChartWidgetApi {
  symbolExt(): LibrarySymbolInfo;
  resolution(): string;
  onSymbolChanged(): Subscription<() => void>;
  onIntervalChanged(): Subscription<() => void>;
  onDataLoaded(): Subscription<() => void>;
  createStudy(
    name: string,
    forceOverlay: boolean,
    lock: boolean,
    inputs: Record<string, number>,
    overrides: Record<string, boolean>,
  ): Promise<EntityId | null>;
  getAllStudies(): EntityInfo[];
  getStudyById(id: EntityId): StudyApi;
  createMultipointShape(
    points: ShapePoint[],
    options: CreateMultipointShapeOptions,
  ): Promise<EntityId>;
  /** Drawings of the symbol that is shown. */
  getAllShapes(): EntityInfo[];
  getShapeById(id: EntityId): LineDataSourceApi;
  removeEntity(id: EntityId): void;
  getPanes(): PaneApi[];
  getTimeScale(): TimeScaleApi;
  getVisibleRange(): { from: number; to: number };
}
