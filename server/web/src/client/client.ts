/** The data client: every question to a liqbands server as one method. */
import { addressOf } from './address';
import {
  bandSlotsAnswer,
  candlesAnswer,
  type Document,
  liquidationsAnswer,
  listings,
  momentAnswer,
} from './answers';
import { decodeHeatmap } from './grid';
import { problemOf } from './problem';
import { openStream, STREAM_TIMING, type StreamTiming } from './stream';
import type {
  BandSlotsAnswer,
  BandSlotsQuery,
  BandsAnswer,
  BandsQuery,
  Bar,
  CandlesAnswer,
  CandlesQuery,
  HeatmapGrid,
  HeatmapQuery,
  LiquidationsAnswer,
  LiquidationsQuery,
  Listing,
  MapAnswer,
  MapQuery,
  MomentQuery,
  RequestOptions,
  Stream,
  StreamHandlers,
  StreamQuery,
  Summary,
} from './types';

const API = '/api/v1';

/** Where the server is, and how it is asked. */
export interface LiqbandsClientOptions {
  /** Address of the server, such as `https://heat.example`; empty for the page's own. */
  baseUrl: string;
  /** Asks; the platform's own by default. */
  fetch?: typeof fetch;
  /** How streams wait before they come back. */
  timing?: Partial<StreamTiming>;
}

/**
 * Asks a liqbands server.  Every method rejects with a `ProblemError` where the server refuses, with
 * the platform's `TypeError` where there is no server, and with the signal's reason where it is
 * aborted.
 *
 * @example
 * const client = new LiqbandsClient({ baseUrl: '' });
 * const grid = await client.heatmap({ symbol: 'BINANCE:BTCUSDT.P', timeframe: '1h', columns: 500 });
 */
export class LiqbandsClient {
  readonly #baseUrl: string;
  readonly #fetch: typeof fetch;
  readonly #timing: StreamTiming;

  constructor(options: LiqbandsClientOptions) {
    this.#baseUrl = options.baseUrl;
    // Called without its window, a browser's own would refuse.
    this.#fetch = options.fetch ?? ((...asked) => fetch(...asked));
    this.#timing = { ...STREAM_TIMING, ...options.timing };
  }

  /** Return everything that can be asked for. */
  async symbols(options?: RequestOptions): Promise<Listing[]> {
    return listings(await this.#json('/symbols', {}, options));
  }

  /** Return a heatmap in bytes. */
  async heatmap(query: HeatmapQuery, options?: RequestOptions): Promise<HeatmapGrid> {
    const answer = await this.#ask(`${API}/heatmap`, { ...query, format: 'binary' }, options);
    return decodeHeatmap(await answer.arrayBuffer());
  }

  /** Return the address of a heatmap as a file: `png`, `csv`, `parquet` or `json`. */
  heatmapAddress(query: HeatmapQuery & { format: string; [size: string]: unknown }): string {
    return addressOf(this.#baseUrl, `${API}/heatmap`, query);
  }

  /** Return bars with volume, open interest and funding, and what they rest on. */
  async candles(query: CandlesQuery, options?: RequestOptions): Promise<CandlesAnswer> {
    return candlesAnswer(await this.#json('/candles', query, options));
  }

  /** Return bars of one symbol and timeframe. */
  async bars(
    symbol: string,
    timeframe: string,
    range: Pick<CandlesQuery, 'fromMs' | 'toMs' | 'countback'> = {},
    options?: RequestOptions,
  ): Promise<Bar[]> {
    return (await this.candles({ symbol, timeframe, ...range }, options)).bars;
  }

  /** Return the bands of one book, strongest first. */
  async bands(query: BandsQuery, options?: RequestOptions): Promise<BandsAnswer> {
    return momentAnswer(await this.#json('/bands', query, options));
  }

  /** Return bands through time, each in a slot that it keeps while it lives. */
  async bandSlots(query: BandSlotsQuery, options?: RequestOptions): Promise<BandSlotsAnswer> {
    return bandSlotsAnswer(await this.#json('/bands', query, options));
  }

  /** Return notional per price at one moment, in layers by leverage. */
  async map(query: MapQuery, options?: RequestOptions): Promise<MapAnswer> {
    return momentAnswer(await this.#json('/map', query, options));
  }

  /** Return totals of both sides, and their nearest and strongest clusters. */
  async summary(query: MomentQuery, options?: RequestOptions): Promise<Summary> {
    return momentAnswer(await this.#json('/summary', query, options));
  }

  /** Return realised liquidations. */
  async liquidations(
    query: LiquidationsQuery,
    options?: RequestOptions,
  ): Promise<LiquidationsAnswer> {
    return liquidationsAnswer(await this.#json('/liquidations', query, options));
  }

  /** Return the text for the Pine importer: levels of some symbols. */
  async pineLevels(
    symbols: readonly string[],
    bands?: number,
    options?: RequestOptions,
  ): Promise<string> {
    return (await this.#ask('/pine/levels.txt', { symbols, bands }, options)).text();
  }

  /** Follow what is new; it comes back by itself, and goes on where it was. */
  stream(query: StreamQuery, handlers: StreamHandlers): Stream {
    const address = addressOf(this.#baseUrl, `${API}/stream`, query);
    return openStream(address, handlers, this.#fetch, this.#timing);
  }

  async #json(path: string, query: object, options?: RequestOptions): Promise<Document> {
    return (await this.#ask(`${API}${path}`, query, options)).json() as Promise<Document>;
  }

  async #ask(path: string, query: object, options: RequestOptions = {}): Promise<Response> {
    const answer = await this.#fetch(addressOf(this.#baseUrl, path, query), options);
    if (!answer.ok) throw await problemOf(answer);
    return answer;
  }
}
