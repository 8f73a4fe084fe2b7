/** Problem documents: how a liqbands server says what is wrong with a request. */

/** A request that was refused, or could not be answered. */
export class ProblemError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** What kind of fault. */
  readonly title: string;
  /** What is wrong and what would do, for people. */
  readonly detail: string;
  /** The query parameter that is wrong. */
  readonly parameter?: string;
  /** Its value. */
  readonly value?: string;
  /** How long to wait before asking again, where the server says so. */
  readonly retryAfterMs?: number;

  constructor(status: number, document: Readonly<Record<string, unknown>>, retryAfterMs?: number) {
    const title = text(document['title']) ?? 'No answer';
    const detail = text(document['detail']) ?? title;
    super(detail);
    this.name = 'ProblemError';
    this.status = status;
    this.title = title;
    this.detail = detail;
    const parameter = text(document['parameter']);
    const value = text(document['value']);
    if (parameter !== undefined) this.parameter = parameter;
    if (value !== undefined) this.value = value;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/** Return the error that an answer stands for, whether or not its body is a problem document. */
export async function problemOf(answer: Response): Promise<ProblemError> {
  const body = await answer.text();
  const seconds = Number(answer.headers.get('Retry-After') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  return new ProblemError(answer.status, documentOf(body, answer.statusText), retryAfterMs);
}

function documentOf(body: string, statusText: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // Not a problem document, for instance from a proxy: its first words say more than nothing.
  }
  return { title: statusText || 'No answer', detail: body.trim().slice(0, 200) || statusText };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
