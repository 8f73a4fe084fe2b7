/** What the picture rests on. */
import type { About } from '../../client';
import { element } from '../dom';
import { formatAge, formatShare, formatTime } from '../format';
import type { Page } from '../page';
import { section } from './section';

const QUANTITIES: Readonly<Record<About['quantity'], string>> = {
  standing: 'Standing: open at its estimated price',
  expected: 'Expected: what would really be closed',
  realised: 'Realised liquidations',
};

/** Return name and value of everything an answer says about itself. */
export function aboutRows(about: About): [string, string][] {
  const venues = about.venues.map((venue): [string, string] => [
    venue.venue,
    venue.stale ? `${formatAge(venue.ageMs)} old` : 'up to date',
  ]);
  return [
    ['As of', `${formatTime(about.asOfMs)} UTC`],
    ...venues,
    ['Amounts', QUANTITIES[about.quantity]],
    ['Observed', `${formatShare(about.observedShare)} of bars have open interest`],
    ['From the beginning', `at most ${formatShare(about.seedShare)}`],
    ['Settings', about.parameters],
  ];
}

/** The section of the panel. */
export function dataPanel(page: Page): HTMLElement {
  const list = element('dl', { class: 'facts' });
  const docs = element('a', { href: '/docs' }, 'HTTP API');
  const root = section('Data', 'data', list, element('p', { class: 'links' }, docs));
  page.facts.follow(['about'], ({ about }) => {
    root.classList.toggle('waiting', about === null);
    if (about === null) return;
    const rows = aboutRows(about).flatMap(([name, value]) => [
      element('dt', {}, name),
      element('dd', {}, value),
    ]);
    list.replaceChildren(...rows);
  });
  return root;
}
