/** A client that does not ask for what lies before a listing's first bar: the server would refuse. */
import {
  type HeatmapGrid,
  type HeatmapQuery,
  LiqbandsClient,
  ProblemError,
  type RequestOptions,
} from '../../client';
import { countedFetch } from '../pending';
import type { Page } from '../page';

const REFUSED = { title: 'Bad Request', detail: 'the listing begins later' };

class ClientFrom extends LiqbandsClient {
  constructor(private readonly firstOpenMs: number) {
    super({ baseUrl: '', fetch: countedFetch });
  }

  override async heatmap(query: HeatmapQuery, options?: RequestOptions): Promise<HeatmapGrid> {
    const isBefore = query.toMs !== undefined && query.toMs <= this.firstOpenMs;
    if (isBefore) throw new ProblemError(400, REFUSED);
    return super.heatmap(query, options);
  }
}

/** Return a client for the tiles of what the page shows. */
export function clientFrom(page: Page): LiqbandsClient {
  return new ClientFrom(page.facts.value.listing?.firstOpenMs ?? 0);
}
