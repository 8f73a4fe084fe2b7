/** Questions to the UDF endpoints of a liqbands server, below `/udf`. */

const PATIENCE_MS = 20_000;

/** What a question carries; an empty text is sent, undefined is left out. */
export type UdfParameters = Readonly<Record<string, string | number | undefined>>;

/** Asks the UDF endpoints. */
export interface UdfClient {
  /** Return the answer's JSON; `UdfError` where the server refuses or does not answer. */
  ask(path: string, parameters?: UdfParameters): Promise<unknown>;
}

/** A question that the server did not answer. */
export class UdfError extends Error {
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;

  constructor(message: string, status: number, cause?: unknown) {
    super(message, { cause });
    this.name = 'UdfError';
    this.status = status;
  }
}

/**
 * Return a client of a server's UDF endpoints.
 *
 * @param baseUrl - Address of the server, with or without a slash at its end; empty for the
 *   page's own.
 * @param fetcher - Used instead of the global `fetch`.
 */
export function udfClient(baseUrl: string, fetcher: typeof fetch = fetch): UdfClient {
  const root = `${baseUrl.replace(/\/+$/, '')}/udf`;
  return {
    async ask(path, parameters = {}) {
      const answer = await answerTo(fetcher, `${root}/${path}${queryOf(parameters)}`);
      const body = parsed(await answer.text(), answer.status);
      if (answer.ok && !isError(body)) return body;
      throw new UdfError(messageOf(body) ?? `the server answered ${answer.status}`, answer.status);
    },
  };
}

async function answerTo(fetcher: typeof fetch, url: string): Promise<Response> {
  try {
    return await fetcher(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (cause) {
    throw new UdfError('the liqbands server did not answer', 0, cause);
  }
}

function queryOf(parameters: UdfParameters): string {
  const known = Object.entries(parameters).filter((entry) => entry[1] !== undefined);
  const pairs = known.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

function parsed(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UdfError(`the server did not answer in JSON (${status})`, status, cause);
  }
}

function isError(body: unknown): boolean {
  return isRecord(body) && body['s'] === 'error';
}

function messageOf(body: unknown): string | undefined {
  const message = isRecord(body) ? body['errmsg'] : undefined;
  return typeof message === 'string' && message !== '' ? message : undefined;
}

function isRecord(body: unknown): body is Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
