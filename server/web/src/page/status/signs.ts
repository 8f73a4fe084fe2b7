/** The signs in the bars: where the data come from, how old they are, and the connection. */
import { element, setText } from '../dom';
import { icon } from '../icons';
import type { Page } from '../page';
import { badgesOf, connectionOf } from './wording';

/** A row of badges that is empty where all is as one would expect. */
export function badgeRow(page: Page): HTMLElement {
  const row = element('div', { class: 'badges', role: 'group', 'aria-label': 'About these data' });
  page.facts.follow(['about'], ({ about }) => {
    const badges = about === null ? [] : badgesOf(about);
    const key = badges.map((badge) => badge.label).join('|');
    if (row.dataset['key'] === key) return;
    row.dataset['key'] = key;
    row.hidden = badges.length === 0;
    row.replaceChildren(
      ...badges.map((badge) =>
        element(
          'span',
          { class: `badge ${badge.kind}`, title: badge.title },
          badge.kind === 'simulated' ? null : icon('warning'),
          element('span', {}, badge.label),
        ),
      ),
    );
  });
  return row;
}

/** A dot and a word that say how the page is connected. */
export function connectionSign(page: Page): HTMLElement {
  const words = element('span', {});
  const sign = element('span', { class: 'connection', role: 'status' }, element('i', {}), words);
  page.facts.follow(['online', 'stream', 'about'], ({ online, stream, about }) => {
    const { tone, label, title } = connectionOf(online, stream, about);
    setText(words, label);
    sign.dataset['tone'] = tone;
    sign.title = title;
  });
  return sign;
}

/** A line over the view that says what is wrong with the connection; there only while it is. */
export function connectionNotice(page: Page): HTMLElement {
  const words = element('span', {});
  const notice = element('div', { class: 'notice', role: 'alert' }, icon('offline'), words);
  page.facts.follow(['online', 'stream', 'about'], ({ online, stream, about }) => {
    const { tone, label, title } = connectionOf(online, stream, about);
    notice.hidden = tone !== 'lost' || about === null;
    if (!notice.hidden) setText(words, `${label.replace('…', '')}. ${title}`);
  });
  return notice;
}
