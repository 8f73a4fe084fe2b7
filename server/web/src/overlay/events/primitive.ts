/** Realised liquidations as bubbles, and swept bands as marks, as a series primitive. */
import type { CanvasRenderingTarget2D } from 'fancy-canvas';
import type {
  IPrimitivePaneView,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import type { Liquidation } from '../../client';
import { chartView } from '../chart-view';
import { ChartTimeAxis } from '../time-axis';
import { type Bubble, bubblesOf } from './bubbles';
import { EVENTS_OPTIONS, type EventsPrimitiveOptions } from './options';
import { paintBubbles, paintSweeps } from './paint';
import type { Sweep } from './sweeps';

/** Events kept at most; the oldest give way. */
const MOST_EVENTS = 20_000;

/**
 * Draws events on the bars of the series that it is attached to.
 *
 * @example
 * const events = new EventsPrimitive();
 * series.attachPrimitive(events);
 * events.setLiquidations((await client.liquidations({ symbol, window: '1d' })).events);
 */
export class EventsPrimitive implements ISeriesPrimitive<Time> {
  #options: EventsPrimitiveOptions;
  #liquidations: readonly Liquidation[] = [];
  #sweeps: readonly Sweep[] = [];
  #bubbles: readonly Bubble[] = [];
  #key = '';
  #attached: SeriesAttachedParameter<Time> | null = null;
  readonly #views: readonly IPrimitivePaneView[] = [
    {
      zOrder: () => 'normal',
      renderer: () => ({ draw: (target: CanvasRenderingTarget2D) => this.#draw(target) }),
    },
  ];

  constructor(options: Partial<EventsPrimitiveOptions> = {}) {
    this.#options = { ...EVENTS_OPTIONS, ...options };
  }

  /** Show these liquidations and no others. */
  setLiquidations(events: readonly Liquidation[]): void {
    this.#liquidations = [...events].sort((a, b) => a.timeMs - b.timeMs).slice(-MOST_EVENTS);
    this.#changed();
  }

  /** Show more liquidations. */
  addLiquidations(events: readonly Liquidation[]): void {
    this.setLiquidations([...this.#liquidations, ...events]);
  }

  /** Show these sweeps and no others. */
  setSweeps(sweeps: readonly Sweep[]): void {
    this.#sweeps = sweeps;
    this.#changed();
  }

  /** Change some options. */
  applyOptions(options: Partial<EventsPrimitiveOptions>): void {
    this.#options = { ...this.#options, ...options };
    this.#changed();
  }

  /** Return the bubbles at a bar, largest first, as they were last drawn. */
  bubblesAt(index: number): Bubble[] {
    return this.#bubbles.filter((bubble) => bubble.index === index);
  }

  /** Called by the chart. */
  attached(parameter: SeriesAttachedParameter<Time>): void {
    this.#attached = parameter;
  }

  /** Called by the chart. */
  detached(): void {
    this.#attached = null;
  }

  /** Called by the chart. */
  paneViews(): readonly IPrimitivePaneView[] {
    return this.#options.visible ? this.#views : [];
  }

  /** Called by the chart: events never widen the price scale. */
  autoscaleInfo(): null {
    return null;
  }

  #changed(): void {
    this.#key = '';
    this.#attached?.requestUpdate();
  }

  #gather(axis: ChartTimeAxis): void {
    const last = axis.count() - 1;
    const key = `${axis.timeAt(0)} ${axis.timeAt(last)} ${last}`;
    if (key === this.#key) return;
    this.#key = key;
    this.#bubbles = bubblesOf(this.#liquidations, axis);
  }

  #draw(target: CanvasRenderingTarget2D): void {
    const attached = this.#attached;
    if (attached === null) return;
    const axis = new ChartTimeAxis(attached.chart, attached.horzScaleBehavior);
    this.#gather(axis);
    target.useBitmapCoordinateSpace((scope) => {
      const view = chartView(attached, scope);
      if (view === null) return;
      const scene = { view, axis, ratio: scope.horizontalPixelRatio, options: this.#options };
      if (this.#options.bubbles) paintBubbles(scope.context, this.#bubbles, scene);
      if (this.#options.sweeps) paintSweeps(scope.context, this.#sweeps, scene);
    });
  }
}
