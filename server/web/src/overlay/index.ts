/**
 * The liquidation heatmap for lightweight-charts: one call, `attachLiquidationHeatmap`, or its parts.
 * The data client comes along, so that one file is enough.
 */
export * from '../client';
export {
  attachLiquidationHeatmap,
  type LiquidationHeatmap,
  type LiquidationHeatmapOptions,
} from './attach/attach';
export type { BandMark } from './bands/marks';
export type { BandsPrimitiveOptions } from './bands/options';
export { BandsPrimitive } from './bands/primitive';
export type { Bubble } from './events/bubbles';
export type { EventsPrimitiveOptions } from './events/options';
export { EventsPrimitive } from './events/primitive';
export { type Sweep, sweepsOf } from './events/sweeps';
export type { HeatmapCell } from './heatmap/cell';
export type { HeatmapPrimitiveOptions } from './heatmap/options';
export { HeatmapPrimitive } from './heatmap/primitive';
export {
  type Background,
  heatColor,
  heatOf,
  type IntensityRange,
  PALETTE_NAMES,
  type PaletteName,
  paletteGradient,
} from './palette';
export type { ProfilePrimitiveOptions } from './profile/options';
export { layerColors } from './profile/paint';
export { ProfilePrimitive } from './profile/primitive';
export { ageText, distanceText, notionalText } from './wording';
