/** A real Chromium, and pages in it that remember what went wrong. */
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Request,
} from 'playwright-core';
import { afterEach, beforeAll } from 'vitest';
import { serverUrl } from './market';

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** A page, and what it has done. */
export interface Opened {
  page: Page;
  /** Every error that it has reported. */
  errors: string[];
  /** Every address from which it has got an answer. */
  answered: string[];
  /** Questions that have no answer yet; a stream never ends and is none. */
  waiting: Set<Request>;
}

let browser: Browser | undefined;

/** Use one browser for all specs, which ends with the process; pages are closed after each. */
export function useBrowser(): void {
  beforeAll(async () => {
    const executablePath = process.env['CHROMIUM'];
    browser ??= await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
    });
  });
  afterEach(async () => {
    await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
  });
}

/** Return a page of its own context that has loaded nothing yet. */
export async function newPage(options: BrowserContextOptions = {}): Promise<Opened> {
  if (browser === undefined) throw new Error('useBrowser() must be called first');
  const context = await browser.newContext({ viewport: DESKTOP, baseURL: serverUrl, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const [errors, answered]: [string[], string[]] = [[], []];
  const waiting = new Set<Request>();
  page.on('request', (request) => {
    if (!request.url().includes('/stream')) waiting.add(request);
  });
  page.on('requestfinished', (request) => waiting.delete(request));
  page.on('requestfailed', (request) => waiting.delete(request));
  page.on('response', (response) => {
    if (response.ok()) answered.push(response.url());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} ${message.location().url}`);
  });
  return { page, errors, answered, waiting };
}

/** Return the chart page once its first picture stands. */
export async function openChart(path = '/', options: BrowserContextOptions = {}): Promise<Opened> {
  const opened = await newPage(options);
  await opened.page.goto(path);
  await chartReady(opened.page);
  return opened;
}

/** Wait until the page has drawn what it was asked for. */
export async function chartReady(page: Page): Promise<void> {
  await page.waitForFunction(() => window.liqbands !== undefined);
  await page.evaluate(async () => {
    await window.liqbands?.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}

/** So long a page has to rest before it counts as settled: longer than it lets itself rest. */
const REST_MS = 400;

/** Wait until a page has asked nothing for a while. */
export async function settled({ page, waiting }: Opened): Promise<void> {
  let restingSince = Date.now();
  while (Date.now() - restingSince < REST_MS) {
    await page.waitForTimeout(20);
    if (waiting.size > 0) restingSince = Date.now();
  }
}
