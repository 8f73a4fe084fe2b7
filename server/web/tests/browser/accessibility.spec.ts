/** axe-core finds nothing serious, in any view, in both themes, on both screens. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { newPage, openChart, PHONE, useBrowser } from './browser';

useBrowser();

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } };
    return (await axe.run()).violations;
  });
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

test('nothing serious in any view, dark or light', async () => {
  const { page } = await openChart();
  for (const view of ['1', '2', '3', 't', '2', '1']) {
    await page.keyboard.press(view);
    await page.waitForTimeout(200);
    expect(await findings(page), `after ${view}`).toEqual([]);
  }
});

test('nothing serious on a phone with its controls open', async () => {
  const { page } = await openChart('/', { viewport: PHONE, hasTouch: true, isMobile: true });
  await page.getByRole('button', { name: 'Controls' }).last().tap();
  await page.waitForTimeout(300);
  expect(await findings(page)).toEqual([]);
});

test('nothing serious in the page without scripts', async () => {
  const { page } = await newPage();
  await page.goto('/overview');
  const found = await findings(page);
  // Without scripts only loading itself anew keeps its picture up to date.
  expect(found.filter((one) => !one.startsWith('meta-refresh'))).toEqual([]);
});

test('every control is reached by Tab, and the focus is seen', async () => {
  const { page } = await openChart('/');
  const seen = new Set<string>();
  for (let press = 0; press < 25; press++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return null;
      const { outlineStyle, boxShadow } = getComputedStyle(element);
      const label = element.closest('label');
      const around = label ? getComputedStyle(label) : null;
      const next = element.nextElementSibling ? getComputedStyle(element.nextElementSibling) : null;
      const marks = [outlineStyle, around?.outlineStyle, next?.outlineStyle];
      const shadows = [boxShadow, around?.boxShadow, next?.boxShadow];
      const isMarked =
        marks.some((mark) => mark !== undefined && mark !== 'none') ||
        shadows.some((shadow) => shadow !== undefined && shadow !== 'none');
      return { name: element.outerHTML.slice(0, 100), isMarked };
    });
    if (focused === null) continue;
    expect(focused, focused.name).toMatchObject({ isMarked: true });
    seen.add(focused.name);
  }
  expect(seen.size).toBeGreaterThan(10);
});
