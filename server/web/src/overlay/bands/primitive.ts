/** Bands as lines or zones with labels that never overlap, and magnet lines, as a series primitive. */
import type { CanvasRenderingTarget2D } from 'fancy-canvas';
import type {
  IPrimitivePaneView,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import type { BandsAnswer, Summary } from '../../client';
import { chartView } from '../chart-view';
import { ChartTimeAxis } from '../time-axis';
import { type BandMark, bandMarks, magnetMarks } from './marks';
import { BANDS_OPTIONS, type BandsPrimitiveOptions } from './options';
import { paintLabels, paintShapes } from './paint';

/**
 * Draws the strongest bands and the magnets of a series.
 *
 * @example
 * const bands = new BandsPrimitive({ limit: 6 });
 * series.attachPrimitive(bands);
 * bands.setBands(await client.bands({ symbol }));
 * bands.setSummary(await client.summary({ symbol }));
 */
export class BandsPrimitive implements ISeriesPrimitive<Time> {
  #options: BandsPrimitiveOptions;
  #answer: BandsAnswer | null = null;
  #summary: Summary | null = null;
  #marks: readonly BandMark[] = [];
  #attached: SeriesAttachedParameter<Time> | null = null;
  /** Labels lie on top of everything else that is drawn on the chart. */
  readonly #views: readonly IPrimitivePaneView[] = [
    this.#view('normal', paintShapes),
    this.#view('top', paintLabels),
  ];

  constructor(options: Partial<BandsPrimitiveOptions> = {}) {
    this.#options = { ...BANDS_OPTIONS, ...options };
  }

  /** Show these bands; null shows none. */
  setBands(answer: BandsAnswer | null): void {
    this.#answer = answer;
    this.#update();
  }

  /** Show the magnets of a summary; null shows none. */
  setSummary(summary: Summary | null): void {
    this.#summary = summary;
    this.#update();
  }

  /** Change some options. */
  applyOptions(options: Partial<BandsPrimitiveOptions>): void {
    this.#options = { ...this.#options, ...options };
    this.#update();
  }

  /** Return what is drawn, magnets first. */
  marks(): readonly BandMark[] {
    return this.#marks;
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

  /** Called by the chart: bands never widen the price scale. */
  autoscaleInfo(): null {
    return null;
  }

  #update(): void {
    const { limit, magnets } = this.#options;
    const answer = this.#answer;
    const strongest = magnets && this.#summary !== null ? magnetMarks(this.#summary) : [];
    const known = new Set(strongest.map((mark) => mark.price));
    const bands =
      answer === null ? [] : bandMarks(answer.bands, answer.timeMs, answer.about.unit, limit);
    this.#marks = [...strongest, ...bands.filter((mark) => !known.has(mark.price))];
    this.#attached?.requestUpdate();
  }

  #view(zOrder: 'normal' | 'top', paint: typeof paintShapes): IPrimitivePaneView {
    const draw = (target: CanvasRenderingTarget2D) => this.#draw(target, paint);
    return { zOrder: () => zOrder, renderer: () => ({ draw }) };
  }

  #draw(target: CanvasRenderingTarget2D, paint: typeof paintShapes): void {
    const attached = this.#attached;
    if (attached === null || this.#marks.length === 0) return;
    if (paint === paintLabels && !this.#options.labels) return;
    const axis = new ChartTimeAxis(attached.chart, attached.horzScaleBehavior);
    const { fontFamily, fontSize } = attached.chart.options().layout;
    target.useBitmapCoordinateSpace((scope) => {
      const view = chartView(attached, scope);
      if (view === null) return;
      const ratio = scope.verticalPixelRatio;
      const font = `${Math.round((fontSize - 1) * ratio)}px ${fontFamily}`;
      paint(scope.context, this.#marks, { view, axis, ratio, font, options: this.#options });
    });
  }
}
