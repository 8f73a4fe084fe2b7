/** What the page's modules share: the client, what is shown, and what is known. */
import type {
  About,
  BandsAnswer,
  Bar,
  LiqbandsClient,
  Listing,
  StreamState,
  Summary,
} from '../client';
import { Observable } from './observable';
import type { Layer, ViewState } from './view-state';

/** What is known for the moment; none of it is written into the address. */
export interface Facts {
  /** Everything that can be shown; null until the server has said so. */
  listings: readonly Listing[] | null;
  /** What is shown. */
  listing: Listing | null;
  /** Timeframe that is drawn, also where the state says `auto`. */
  timeframe: string;
  /** What the picture rests on. */
  about: About | null;
  summary: Summary | null;
  bands: BandsAnswer | null;
  /** The newest bar. */
  bar: Bar | null;
  /** Price a day before. */
  dayAgo: number | null;
  /** Notional at the right end of the legend. */
  scaleMax: number;
  /** Notional of the first and of the last colour. */
  intensity: readonly [number, number];
  stream: StreamState;
  /** Whether the browser has a network. */
  online: boolean;
  /** Layers for which there are data. */
  available: readonly Layer[];
  /** Whether the panel is open; on a narrow screen that is not part of a link. */
  panelOpen: boolean;
}

/** What every module of the page is given. */
export interface Page {
  client: LiqbandsClient;
  view: Observable<ViewState>;
  facts: Observable<Facts>;
}

const NOTHING_KNOWN: Facts = {
  listings: null,
  listing: null,
  timeframe: '',
  about: null,
  summary: null,
  bands: null,
  bar: null,
  dayAgo: null,
  scaleMax: 0,
  intensity: [0, 0],
  stream: 'connecting',
  online: true,
  available: [],
  panelOpen: false,
};

/** Put a page together. */
export function makePage(client: LiqbandsClient, state: ViewState): Page {
  return { client, view: new Observable(state), facts: new Observable(NOTHING_KNOWN) };
}

/** Return what a question about the listing shown begins with. */
export function symbolQuery(page: Page): { symbol: string; venues?: readonly string[] } {
  const { symbol, venues } = page.view.value;
  const asked = symbol || (page.facts.value.listing?.symbol ?? '');
  return venues.length > 0 ? { symbol: asked, venues } : { symbol: asked };
}
