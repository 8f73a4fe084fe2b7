/**
 * A stream that stays open: it comes back by itself, and goes on after the last event that it heard.
 *
 * It reads the body with `fetch` instead of an `EventSource`, which forgets the last event's id when
 * a server is away for longer, and does not show the heartbeats that tell a quiet market from a
 * dead connection.
 */
import { barOf, columnOf, type Document, liquidationEvents, momentAnswer } from './answers';
import { ProblemError, problemOf } from './problem';
import { EventReader, type ServerEvent } from './sse';
import type { Stream, StreamHandlers, StreamState } from './live';

/** How a stream waits; the defaults suit a server that tells something every 15 s. */
export interface StreamTiming {
  /** Longest wait before the second attempt; it doubles with every further one. */
  firstWaitMs: number;
  /** Longest wait of all. */
  lastWaitMs: number;
  /** A connection on which nothing is heard for so long is given up. */
  silenceMs: number;
}

/** Waits of the default. */
export const STREAM_TIMING: StreamTiming = {
  firstWaitMs: 1_000,
  lastWaitMs: 30_000,
  silenceMs: 45_000,
};

/** Open a stream; handlers are called from then on, until it is closed. */
export function openStream(
  address: string,
  handlers: StreamHandlers,
  ask: typeof fetch,
  timing: StreamTiming,
): Stream {
  const connection = new Connection(address, handlers, ask, timing);
  void connection.run();
  return connection;
}

class Connection implements Stream {
  #lastId = '';
  #failures = 0;
  #isClosed = false;
  #attempt = new AbortController();
  #wake: () => void = () => undefined;

  constructor(
    private readonly address: string,
    private readonly handlers: StreamHandlers,
    private readonly ask: typeof fetch,
    private readonly timing: StreamTiming,
  ) {}

  close(): void {
    this.#isClosed = true;
    this.#attempt.abort();
    this.#wake();
  }

  retry(): void {
    this.#wake();
  }

  async run(): Promise<void> {
    this.#say('connecting');
    while (!this.#isClosed) {
      const problem = await this.#listen();
      const isFinal = problem !== null && isRefusal(problem);
      this.#say(isFinal ? 'refused' : 'lost', problem);
      if (isFinal) return;
      await this.#pause(problem?.retryAfterMs ?? 0);
    }
  }

  #say(state: StreamState, problem: ProblemError | null = null): void {
    if (this.#isClosed) return;
    this.handlers.state?.(state);
    if (problem !== null) this.handlers.problem?.(problem);
  }

  /** Listen until the connection ends; return what the server had against it. */
  async #listen(): Promise<ProblemError | null> {
    this.#attempt = new AbortController();
    const silence = new Silence(this.timing.silenceMs, () => this.#attempt.abort());
    try {
      const answer = await this.ask(this.address, this.#request());
      if (!answer.ok || answer.body === null) return await problemOf(answer);
      silence.heard();
      await this.#read(answer.body, silence);
    } catch (error) {
      if (!isNetworkError(error)) throw error;
    } finally {
      silence.end();
    }
    return null;
  }

  #request(): RequestInit {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (this.#lastId !== '') headers['Last-Event-ID'] = this.#lastId;
    return { headers, signal: this.#attempt.signal, cache: 'no-store' };
  }

  async #read(body: ReadableStream<Uint8Array>, silence: Silence): Promise<void> {
    const reader = body.getReader();
    const events = new EventReader(this.#lastId);
    const decoder = new TextDecoder();
    this.#failures = 0;
    this.#say('open');
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      silence.heard();
      for (const event of events.take(decoder.decode(value, { stream: true }))) {
        if (this.#isClosed) return;
        this.#lastId = event.id;
        this.#tell(event);
      }
    }
  }

  #tell(event: ServerEvent): void {
    try {
      TELLERS[event.name]?.(JSON.parse(event.data) as Document, this.handlers);
    } catch (error) {
      // Reported as an uncaught error, like that of any listener: it must not end the stream.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  /** Wait longer with every failure, and never all clients the same. */
  async #pause(leastMs: number): Promise<void> {
    if (this.#isClosed) return;
    const most = this.timing.firstWaitMs * 2 ** Math.min(this.#failures, 16);
    this.#failures += 1;
    const wait = Math.min(most, this.timing.lastWaitMs) * (0.5 + Math.random() / 2);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(wait, leastMs));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Calls out when nothing was heard for too long. */
class Silence {
  #timer: ReturnType<typeof setTimeout>;

  constructor(
    private readonly mostMs: number,
    private readonly broken: () => void,
  ) {
    this.#timer = setTimeout(broken, mostMs);
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.broken, this.mostMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** What is done with each event, by its name. */
const TELLERS: Readonly<Record<string, (document: Document, handlers: StreamHandlers) => void>> = {
  bar: (document, to) => to.bar?.(barOf(document, (document['t'] as number) * 1000)),
  column: (document, to) => to.column?.(columnOf(document)),
  bands: (document, to) => to.bands?.(momentAnswer(document)),
  slots: (document, to) => to.slots?.(document['from'] as number),
  liquidations: (document, to) => to.liquidations?.(liquidationEvents(document)),
  reload: (document, to) => to.reload?.(document['reason'] as string),
};

/** Return whether asking again would be answered the same. */
function isRefusal(problem: ProblemError): boolean {
  return problem.status >= 400 && problem.status < 500 && ![408, 429].includes(problem.status);
}

function isNetworkError(error: unknown): boolean {
  return (
    error instanceof TypeError || (error instanceof DOMException && error.name === 'AbortError')
  );
}
