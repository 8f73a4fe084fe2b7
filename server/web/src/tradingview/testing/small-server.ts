/**
 * A server in memory with the few routes that the adapter asks, so that tests can say when it
 * answers, breaks off or is away.  What the real server answers is tested against the real one.
 */
import { LiqbandsClient } from '../../client';
import type { Connection } from '../connection';
import { SharedStreams } from '../shared-streams';
import { udfClient } from '../udf-client';

const BASE = 'http://small.test';

/** What a route does with a question: a document, or a status with a document. */
export type Route = (question: URLSearchParams) => object | number | [status: number, body: object];

/** One open stream. */
interface OpenStream {
  readonly subject: string;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
}

/** Answers in memory. */
export class SmallServer {
  /** Addresses asked for, oldest first. */
  readonly asked: string[] = [];
  /** While it is away, nothing is answered. */
  isAway = false;
  /** So long an answer is on its way, after it has been made. */
  delayMs = 0;
  /** Called when a stream is opened, to tell it what a server tells first. */
  onOpen: (subject: string) => void = () => undefined;
  readonly #routes: Readonly<Record<string, Route>>;
  readonly #streams = new Set<OpenStream>();
  #events = 0;

  constructor(routes: Readonly<Record<string, Route>>) {
    this.#routes = routes;
  }

  /** Symbols and timeframes of the open streams. */
  get streams(): string[] {
    return [...this.#streams].map(({ subject }) => subject);
  }

  /** Return a connection to this server. */
  connection(): Connection {
    const timing = { firstWaitMs: 1, lastWaitMs: 2, silenceMs: 60_000 };
    const client = new LiqbandsClient({ baseUrl: BASE, fetch: this.fetch, timing });
    return { client, udf: udfClient(BASE, this.fetch), streams: new SharedStreams(client) };
  }

  /** Tell all open streams of a symbol. */
  tell(symbol: string, event: string, document: object): void {
    this.#events += 1;
    const text = `id: ${this.#events}\nevent: ${event}\ndata: ${JSON.stringify(document)}\n\n`;
    for (const { subject, controller } of this.#streams) {
      if (subject.startsWith(`${symbol} `)) controller.enqueue(new TextEncoder().encode(text));
    }
  }

  /** Break all streams off. */
  drop(): void {
    for (const { controller } of this.#streams) controller.close();
    this.#streams.clear();
  }

  readonly fetch = async (asked: RequestInfo | URL, request?: RequestInit): Promise<Response> => {
    await Promise.resolve();
    request?.signal?.throwIfAborted();
    if (this.isAway) throw new TypeError('the server is away');
    const url = new URL(String(asked));
    this.asked.push(url.pathname + url.search);
    if (url.pathname === '/api/v1/stream') return this.#stream(url, request?.signal ?? null);
    const route = this.#routes[url.pathname];
    const answer = route ? answerOf(route(url.searchParams)) : Response.json({}, { status: 404 });
    if (this.delayMs > 0) await new Promise((arrived) => setTimeout(arrived, this.delayMs));
    return answer;
  };

  #stream(url: URL, signal: AbortSignal | null): Response {
    const subject = `${url.searchParams.get('symbol')} ${url.searchParams.get('timeframe')}`;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const opened = { subject, controller };
        this.#streams.add(opened);
        signal?.addEventListener('abort', () => {
          if (this.#streams.delete(opened)) controller.error(new DOMException('', 'AbortError'));
        });
        queueMicrotask(() => this.onOpen(subject));
      },
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }
}

function answerOf(answer: ReturnType<Route>): Response {
  if (Array.isArray(answer) && typeof answer[0] === 'number') {
    return Response.json(answer[1], { status: answer[0] });
  }
  return Response.json(answer);
}

/** Provenance as far as the client reads it. */
export const PROVENANCE = {
  as_of: 0,
  venues: [],
  simulated: true,
  stale: false,
  unit: 'quote',
  quantity: 'standing',
  observed_share: 1,
  seed_share: 0,
  parameters: 'test',
  input_hash: 'test',
};
