/** Counts the questions that are on their way, so that tests can wait until the page is at rest. */

/** Longer than any pause that the page makes before it asks. */
const REST_MS = 400;
const LOOK_MS = 50;

let pending = 0;

/** The platform's own `fetch`, counted until its answer begins. */
export async function countedFetch(...asked: Parameters<typeof fetch>): Promise<Response> {
  pending += 1;
  try {
    return await fetch(...asked);
  } finally {
    pending -= 1;
  }
}

/** Resolve when nothing has been asked for a while. */
export async function atRest(): Promise<void> {
  let restedMs = 0;
  while (restedMs < REST_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    restedMs = pending > 0 ? 0 : restedMs + LOOK_MS;
  }
}
