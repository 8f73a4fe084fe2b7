import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { openChart, settled, useBrowser } from './browser';
import { advance } from './market';
useBrowser();
test('x', async () => {
  await advance(1*3600+1234, 300);
  for (let i=0;i<8;i++) {
  const first = await openChart('/?timeframe=1h&window=1d');
  await first.page.getByRole('radio', { name: 'Mono' }).check({ force: true });
  await first.page.getByRole('radio', { name: 'Longs' }).check({ force: true });
  await settled(first);
  const address = await first.page.evaluate(() => location.search);
  const second = await openChart(`/${address}`);
  await settled(second);
  const [a, b] = [await first.page.locator('#chart').screenshot(), await second.page.locator('#chart').screenshot()];
  const same = a.equals(b);
  process.stdout.write(`${same} ${a.length} ${b.length} ${JSON.stringify(await first.page.locator('#chart').boundingBox())}\n`);
  if (!same) { writeFileSync('/tmp/s/c1.png', a); writeFileSync('/tmp/s/c2.png', b); }
  await first.page.context().close(); await second.page.context().close();
  }
}, 60000);
