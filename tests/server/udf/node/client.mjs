// Asks a server what a chart asks, through a third-party client.
// node --import ./register.mjs client.mjs FOLDER_OF_THE_CLIENT BASE_URL STEPS
// STEPS is a JSON list such as [["onReady"], ["resolveSymbol", "X"], ["getBars", "X", "60", {…}]].
// Prints a JSON list with what each step gave: {"result": …}, {"error": …} or {"silent": true}.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PATIENCE_MS = 4000;
const [folder, base, steps] = process.argv.slice(2);
const { Datafeed } = await import(pathToFileURL(join(folder, 'dist', 'index.mjs')));

// A promise that the client itself leaves without a handler: charts would spin for ever.
const unhandled = [];
process.on('unhandledRejection', (error) => unhandled.push(String(error?.message ?? error)));

const quietSocket = { on() {}, subscribe() {} };
const feed = new Datafeed(base, quietSocket);

const ask = {
  onReady: () => new Promise((done) => feed.onReady(done)),
  resolveSymbol: (name) => new Promise((done, fail) => feed.resolveSymbol(name, done, fail)),
  searchSymbols: (text) => new Promise((done) => feed.searchSymbols(text, '', '', done)),
  getBars: (ticker, resolution, period) =>
    new Promise((done, fail) => {
      const give = (bars, meta) => done({ bars, meta });
      feed.getBars({ ticker, name: ticker }, resolution, period, give, fail);
    }),
};

async function answer([name, ...parameters]) {
  const silent = new Promise((done) => setTimeout(done, PATIENCE_MS, { silent: true }));
  const asked = ask[name](...parameters).then(
    (result) => ({ result }),
    (error) => ({ error: String(error?.message ?? error) }),
  );
  return Promise.race([asked, silent]);
}

const answers = [];
for (const step of JSON.parse(steps)) answers.push(await answer(step));
// A pipe takes only part of a long text at once: leave when all of it has gone.
process.stdout.write(JSON.stringify({ answers, unhandled }), () => process.exit(0));
