/** Levels as text for the indicator on TradingView.com. */
import { copyText } from './actions';
import { openDialog } from './controls/dialog';
import { element } from './dom';
import { saveText } from './download';
import { type Page, symbolQuery } from './page';
import { showLoading, showTrouble, troubleOf } from './status/placeholder';

/** Return how many levels a text of levels holds. */
export function countLevels(text: string): number {
  return (text.match(/[|;][LS],/g) ?? []).length;
}

/** Open the dialog and fetch the text for what is shown. */
export async function openPineDialog(page: Page): Promise<void> {
  const { symbol } = symbolQuery(page);
  const content = element('div', { class: 'pine' });
  openDialog('Copy for TradingView', content, 'pine-dialog');
  showLoading(content, 'Writing the levels');
  try {
    showLevels(content, symbol, await page.client.pineLevels([symbol]));
  } catch (error) {
    showTrouble(content, troubleOf(error), () => {
      content.closest('dialog')?.close();
      void openPineDialog(page);
    });
  }
}

function showLevels(content: HTMLElement, symbol: string, text: string): void {
  const done = `${countLevels(text)} levels of ${symbol} copied`;
  const area = element('textarea', { readonly: true, rows: 5, 'aria-label': 'Levels' }, text);
  area.addEventListener('focus', () => area.select());
  const copy = element('button', { type: 'button', class: 'button strong' }, 'Copy');
  copy.addEventListener('click', () => {
    void copyText(text, done).then((copied) => {
      copy.textContent = copied ? 'Copied' : 'Copy';
    });
  });
  const file = element('button', { type: 'button', class: 'button' }, 'Save as file');
  file.addEventListener('click', () => saveText(text, 'levels.txt'));
  content.replaceChildren(
    element('p', {}, `${countLevels(text)} levels of ${symbol}, for the indicator of liqbands.`),
    area,
    element('div', { class: 'buttons' }, copy, file),
    steps(),
    element(
      'p',
      { class: 'first' },
      'The first time: ',
      indicatorLink(),
      ' goes into the Pine Editor.',
    ),
  );
  copy.focus();
}

function indicatorLink(): HTMLElement {
  return element('a', { href: '/pine/liquidation_bands.pine', target: '_blank' }, 'the indicator');
}

function steps(): HTMLElement {
  return element(
    'ol',
    { class: 'steps' },
    step('Copy', 'the text above.'),
    step(
      'Open',
      'your chart on TradingView.com and double-click the name “liqbands”, then Inputs.',
    ),
    step('Paste', 'into “Paste levels here”: Ctrl+A, Ctrl+V, OK. Make alerts again afterwards.'),
  );
}

function step(word: string, rest: string): HTMLElement {
  return element('li', {}, element('b', {}, word), ` ${rest}`);
}
