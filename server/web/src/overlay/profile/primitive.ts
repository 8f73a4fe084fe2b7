/** What stands at each price by leverage, as bars at the right edge of the chart. */
import type { CanvasRenderingTarget2D } from 'fancy-canvas';
import type {
  IPrimitivePaneView,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import type { MapAnswer } from '../../client';
import { chartView } from '../chart-view';
import { type ProfileLayers, profileLayers } from './layers';
import { PROFILE_OPTIONS, type ProfilePrimitiveOptions } from './options';
import { paintProfile } from './paint';

/**
 * Draws a map beside the candles of the series that it is attached to.
 *
 * @example
 * const profile = new ProfilePrimitive();
 * series.attachPrimitive(profile);
 * profile.setMap(await client.map({ symbol, rows: 240 }));
 */
export class ProfilePrimitive implements ISeriesPrimitive<Time> {
  #options: ProfilePrimitiveOptions;
  #layers: ProfileLayers | null = null;
  #attached: SeriesAttachedParameter<Time> | null = null;
  readonly #views: readonly IPrimitivePaneView[] = [
    {
      zOrder: () => 'normal',
      renderer: () => ({ draw: (target: CanvasRenderingTarget2D) => this.#draw(target) }),
    },
  ];

  constructor(options: Partial<ProfilePrimitiveOptions> = {}) {
    this.#options = { ...PROFILE_OPTIONS, ...options };
  }

  /** Show a map; null shows none. */
  setMap(map: MapAnswer | null): void {
    this.#layers = map === null ? null : profileLayers(map);
    this.#attached?.requestUpdate();
  }

  /** Change some options. */
  applyOptions(options: Partial<ProfilePrimitiveOptions>): void {
    this.#options = { ...this.#options, ...options };
    this.#attached?.requestUpdate();
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

  /** Called by the chart: the profile never widens the price scale. */
  autoscaleInfo(): null {
    return null;
  }

  #draw(target: CanvasRenderingTarget2D): void {
    const [attached, layers] = [this.#attached, this.#layers];
    if (attached === null || layers === null) return;
    target.useBitmapCoordinateSpace((scope) => {
      const view = chartView(attached, scope);
      if (view === null) return;
      paintProfile(scope.context, layers, view, scope.horizontalPixelRatio, this.#options);
    });
  }
}
