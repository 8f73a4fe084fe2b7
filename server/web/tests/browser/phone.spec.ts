/** On a phone everything is in reach, and nothing is cut off. */
import { expect, test } from 'vitest';
import { openChart, PHONE, useBrowser } from './browser';

useBrowser();

const OPTIONS = { viewport: PHONE, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

/** Return what sticks out of the window sideways, with its own box that scrolls left out. */
const outside = () =>
  [...document.querySelectorAll<HTMLElement>('body *')]
    .filter((element) => element.checkVisibility() && !element.closest('.unseen, .skip, [inert]'))
    .filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      const scrolls = element.closest('.scroll, .bands-scroll, table') !== null;
      return width > 0 && !scrolls && (left < -1 || right > window.innerWidth + 1);
    })
    .map((element) => `${element.tagName} ${element.className}`);

test.each(['chart', 'map', 'bands'])('%s fits a phone', async (view) => {
  const { page, errors } = await openChart(`/?view=${view}`, OPTIONS);
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth: all, clientWidth: seen } = document.documentElement;
    return { scrollWidth: all, clientWidth: seen };
  });
  expect(scrollWidth).toBe(clientWidth);
  if (view !== 'bands') expect(await page.evaluate(outside)).toEqual([]);
  expect(errors).toEqual([]);
});

test('controls come from below and go again', async () => {
  const { page } = await openChart('/', OPTIONS);
  await page.getByRole('button', { name: 'Controls' }).last().tap();
  await page.getByRole('radiogroup', { name: 'Palette' }).scrollIntoViewIfNeeded();
  await page.getByRole('button', { name: 'Close panel' }).tap();
  await page.waitForFunction(() => document.documentElement.dataset['panel'] === 'closed');
});
