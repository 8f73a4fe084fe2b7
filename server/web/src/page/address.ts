/** Keeps the address and the state in step: what is shown can be shared, and Back goes back. */
import type { Page } from './page';
import { DEFAULT_VIEW_STATE, formatViewState, parseViewState, type ViewState } from './view-state';

const REST_MS = 200;
const KEYS = Object.keys(DEFAULT_VIEW_STATE) as (keyof ViewState)[];
/** Changes that Back takes back; all others only change the address. */
const STEPS: readonly (keyof ViewState)[] = ['view', 'symbol'];

/** Write the state into the address from now on, and follow Back and Forward. */
export function keepAddress(page: Page): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => history.replaceState(null, '', addressOf(page.view.value));
  page.view.watch(KEYS, (state, before) => {
    clearTimeout(timer);
    const isStep = STEPS.some((key) => state[key] !== before[key]);
    // The entry that is left behind must hold the last of its changes.
    if (isStep && addressOf(state) !== location.search) {
      history.replaceState(null, '', addressOf(before));
      history.pushState(null, '', addressOf(state));
    } else {
      timer = setTimeout(write, REST_MS);
    }
  });
  addEventListener('popstate', () => {
    clearTimeout(timer);
    page.view.set(parseViewState(location.search));
  });
}

function addressOf(state: ViewState): string {
  const query = formatViewState(state);
  return `${location.pathname}${query === '' ? '' : `?${query}`}`;
}
