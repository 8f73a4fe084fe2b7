/** What must be seen at a glance, in words: where the data come from, and how fresh they are. */
import type { About, StreamState } from '../../client';
import { formatAge, formatTime } from '../format';

/** A short sign with its explanation. */
export interface Badge {
  kind: 'simulated' | 'stale' | 'warming' | 'relative' | 'part';
  label: string;
  title: string;
}

/** How the page hears of what is new. */
export interface Connection {
  tone: 'live' | 'waiting' | 'lost' | 'still';
  label: string;
  title: string;
}

const WARM_SHARE = 0.05;

/** Return the signs that an answer needs; none where all is as one would expect. */
export function badgesOf(about: About): Badge[] {
  const badges: (Badge | null)[] = [
    about.simulated ? SIMULATED : null,
    staleBadge(about),
    about.seedShare < WARM_SHARE ? null : warmingBadge(about.seedShare),
    about.unit === 'relative' ? RELATIVE : null,
    about.leftOut.length === 0 ? null : partBadge(about.leftOut),
  ];
  return badges.filter((badge) => badge !== null);
}

/** Return how the page is connected, worst news first. */
export function connectionOf(
  online: boolean,
  stream: StreamState,
  about: About | null,
): Connection {
  if (!online) return OFFLINE;
  if (stream === 'lost') return LOST;
  if (stream === 'refused') return REFUSED;
  if (stream === 'connecting' || about === null) return CONNECTING;
  return about.stale ? RECORDED : LIVE;
}

const SIMULATED: Badge = {
  kind: 'simulated',
  label: 'Simulated',
  title: 'No real market stands behind these numbers: a simulated exchange plays them.',
};

const RELATIVE: Badge = {
  kind: 'relative',
  label: 'Shares, not dollars',
  title: 'There is no open interest for this market, so amounts are shares of all that stands.',
};

const OFFLINE: Connection = {
  tone: 'lost',
  label: 'Offline',
  title: 'This device has no network. What is shown stays; it catches up by itself.',
};

const LOST: Connection = {
  tone: 'lost',
  label: 'Reconnecting…',
  title: 'The server does not answer. What is shown stays; it catches up by itself.',
};

const REFUSED: Connection = {
  tone: 'lost',
  label: 'Not live',
  title: 'The server refused to tell what is new. Reload the page to ask again.',
};

const CONNECTING: Connection = {
  tone: 'waiting',
  label: 'Connecting…',
  title: 'Waiting for the server.',
};

const RECORDED: Connection = {
  tone: 'still',
  label: 'Recorded',
  title: 'Connected; this market comes from a recording that does not go on.',
};

const LIVE: Connection = { tone: 'live', label: 'Live', title: 'Connected; changes come at once.' };

function staleBadge(about: About): Badge | null {
  const old = about.venues.filter((venue) => venue.stale);
  if (!about.stale || old.length === 0) return null;
  const eldest = Math.max(...old.map((venue) => venue.ageMs));
  const each = old.map((one) => `${one.venue}: last close ${formatTime(one.lastCloseMs)} UTC`);
  return { kind: 'stale', label: `Data ${formatAge(eldest)} old`, title: each.join('\n') };
}

function warmingBadge(seedShare: number): Badge {
  const percent = Math.round(seedShare * 100);
  return {
    kind: 'warming',
    label: 'Warming up',
    title: `Up to ${percent}% still comes from the assumed beginning of the book.`,
  };
}

function partBadge(leftOut: readonly string[]): Badge {
  return { kind: 'part', label: 'Not all venues', title: `Left out: ${leftOut.join('; ')}` };
}
