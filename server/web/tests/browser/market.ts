/** The running server that the specs share, and what moves its market. */

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must be set; tests.server.web_page.run_script does it`);
  return value;
}

/** Address of the server under test. */
export const serverUrl = variable('LIQBANDS_URL');

async function command(path: string): Promise<number> {
  const response = await fetch(`${variable('LIQBANDS_CONTROL')}${path}`, { method: 'POST' });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  const { time_ms: timeMs } = (await response.json()) as { time_ms: number };
  return timeMs;
}

/**
 * Let the market go on, and return its new time in UTC milliseconds.
 *
 * @param seconds - How far.
 * @param step - Seconds between two commits of the feed.
 */
export const advance = (seconds: number, step = 1): Promise<number> =>
  command(`/advance?seconds=${seconds}&step=${step}`);

/** End the server; its port stays its own. */
export const stopServer = (): Promise<number> => command('/stop');

/** Start the server again. */
export const startServer = (): Promise<number> => command('/start');

/** Return the JSON of an API answer. */
export async function ask<Answer>(path: string): Promise<Answer> {
  // Node keeps connections that the server may have closed in the meantime.
  const once = () => fetch(`${serverUrl}${path}`);
  const response = await once().catch(once);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return (await response.json()) as Answer;
}
