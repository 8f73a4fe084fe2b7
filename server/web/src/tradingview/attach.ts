/** Brings bands onto a chart, and keeps them up to date until it is told to stop. */
import { REVISION_INPUT } from './band-metainfo';
import { BandRectangles, MOST_RECTANGLES } from './band-rectangles';
import { BAND_STUDY, chosenColours } from './band-study';
import { BAND_SYMBOLS_STUDY } from './band-symbols-study';
import { CanvasLayer } from './canvas-layer';
import { findPane } from './canvas-support';
import type { ChartWidgetApi, EntityId } from './chart-api';
import { type Connection, type ConnectionOptions, connectionTo } from './connection';
import { slotStoreOf } from './slot-store';
import { type Colours, USUAL_COLOURS } from './strength-palette';

/** What draws the bands: an indicator, the same from band symbols, or a layer above the candles. */
export type Overlay = 'study' | 'symbols' | 'canvas' | 'none';

/** How bands are brought onto a chart. */
export interface AttachOptions extends ConnectionOptions, Partial<Colours> {
  /** `study` where left out. */
  readonly overlay?: Overlay;
  /** How many of the strongest bands are drawn as rectangles; none where left out. */
  readonly rectangles?: number;
  /** The element that the widget was put into; for `canvas`. */
  readonly container?: HTMLElement;
  /** Told in words for people what does not work. */
  readonly onProblem?: (reason: string) => void;
}

/** Bands on a chart. */
export interface AttachedBands {
  /** What draws them; not what was asked for where that is not possible. */
  readonly overlay: Overlay;
  /** Why it is not what was asked for; null where it is. */
  readonly reason: string | null;
  /** Take everything away that was brought. */
  close(): Promise<void>;
}

type Undo = () => void;

/** What was done instead of what was asked for, and how it is undone. */
interface AttachedOverlay extends Pick<AttachedBands, 'overlay' | 'reason'> {
  readonly undo: Undo;
}

/**
 * Bring bands onto a chart, once `onChartReady` has called.
 *
 * @param chart - As `widget.activeChart()` returns it.
 * @throws RangeError if there are more rectangles than `MOST_RECTANGLES`.
 * @example
 * widget.onChartReady(() => attachLiquidationBands(widget.activeChart(), { baseUrl, rectangles: 10 }))
 */
export async function attachLiquidationBands(
  chart: ChartWidgetApi,
  options: AttachOptions,
): Promise<AttachedBands> {
  const { rectangles: count = 0, onProblem = () => undefined } = options;
  if (!Number.isInteger(count) || count < 0 || count > MOST_RECTANGLES) {
    throw new RangeError(`rectangles must be 0 to ${MOST_RECTANGLES}, was ${count}`);
  }
  const connection = connectionTo(options);
  const colours = { ...USUAL_COLOURS, ...chosenColours(options) };
  const { overlay, reason, undo } = await attachOverlay(chart, connection, colours, options);
  const rectangles =
    count > 0 ? new BandRectangles(chart, connection, { count, colours, onProblem }) : null;
  const close = async () => {
    undo();
    await rectangles?.close();
  };
  return { overlay, reason, close };
}

async function attachOverlay(
  chart: ChartWidgetApi,
  connection: Connection,
  colours: Colours,
  options: AttachOptions,
): Promise<AttachedOverlay> {
  const { overlay = 'study', onProblem = () => undefined } = options;
  switch (overlay) {
    case 'none':
      return { overlay, reason: null, undo: () => undefined };
    case 'symbols':
      return { overlay, reason: null, undo: await attachSymbols(chart) };
    case 'study':
      return { overlay, reason: null, undo: await attachStudy(chart, connection, onProblem) };
    case 'canvas': {
      const found = findPane(chart, options.container);
      if ('reason' in found) {
        const undo = await attachStudy(chart, connection, onProblem);
        return { overlay: 'study', reason: found.reason, undo };
      }
      const layer = new CanvasLayer(chart, found, connection, { colours, onProblem });
      return { overlay, reason: null, undo: () => layer.close() };
    }
  }
}

async function attachSymbols(chart: ChartWidgetApi): Promise<Undo> {
  const id = await addStudy(chart, BAND_SYMBOLS_STUDY, {});
  return () => removeStudy(chart, id);
}

async function attachStudy(
  chart: ChartWidgetApi,
  connection: Connection,
  onProblem: (reason: string) => void,
): Promise<Undo> {
  const store = slotStoreOf(connection);
  const id = await addStudy(chart, BAND_STUDY, { [REVISION_INPUT]: store.revision });
  const onChange = () => {
    if (!hasStudy(chart, id)) return stop();
    chart.getStudyById(id).setInputValues([{ id: REVISION_INPUT, value: store.revision }]);
  };
  const stop = store.listen({ onChange, onProblem: (problem) => onProblem(problem.message) });
  // Columns may have come while the chart was still making the indicator.
  onChange();
  return () => {
    stop();
    removeStudy(chart, id);
  };
}

/** Return the indicator of a name; a saved layout brings it along, and twice would be once too many. */
async function addStudy(
  chart: ChartWidgetApi,
  name: string,
  inputs: Record<string, number>,
): Promise<EntityId> {
  const known = chart.getAllStudies().find((study) => study.name === name);
  if (known) return known.id;
  const look = { showLabelsOnPriceScale: false, showLegendValues: false };
  const id = await chart.createStudy(name, true, false, inputs, look);
  if (id !== null) return id;
  throw new Error(`custom_indicators_getter must give '${name}'; the chart does not know it`);
}

function hasStudy(chart: ChartWidgetApi, id: EntityId): boolean {
  return chart.getAllStudies().some((study) => study.id === id);
}

function removeStudy(chart: ChartWidgetApi, id: EntityId): void {
  if (hasStudy(chart, id)) chart.removeEntity(id);
}
