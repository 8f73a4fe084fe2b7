/** The data client of a liqbands server: no DOM, only `fetch`. */
export { bytesOfBase64 } from './bytes';
export { LiqbandsClient, type LiqbandsClientOptions } from './client';
export { decodeHeatmap, notionalOf, rowAt, rowPrice, type Rows } from './grid';
export { ProblemError } from './problem';
export type { StreamTiming } from './stream';
export type * from './types';
