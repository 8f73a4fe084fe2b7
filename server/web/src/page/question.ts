/** What is asked of the server for what is shown. */
import type { HeatmapQuery, MomentQuery } from '../client';
import { type Page, symbolQuery } from './page';

/** The heatmap that is shown: the same columns, the same positions. */
export function heatmapQuery(page: Page): HeatmapQuery {
  const { visible, window } = page.view.value;
  const { timeframe } = page.facts.value;
  const range =
    visible === null ? { window } : { fromMs: Math.floor(visible[0]), toMs: Math.ceil(visible[1]) };
  return { ...positionsQuery(page), ...range, ...(timeframe === '' ? {} : { timeframe }) };
}

/** Which positions of which listing are counted. */
export function positionsQuery(page: Page): HeatmapQuery {
  const { side, leverage, maxAge, mode } = page.view.value;
  return {
    ...symbolQuery(page),
    ...(side === 'both' ? {} : { side }),
    ...(leverage === '' ? {} : { leverage }),
    ...(maxAge === '' ? {} : { maxAge }),
    ...(mode === 'raw' ? {} : { mode }),
  };
}

/** The moment of the map and of the bands. */
export function momentQuery(page: Page): MomentQuery {
  const { atMs } = page.view.value;
  return atMs === null ? symbolQuery(page) : { ...symbolQuery(page), toMs: atMs };
}
