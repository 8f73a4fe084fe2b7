// The client is bundled with user-interface code that imports react and the like.  Each such import
// becomes a module whose exports, whatever their names, are one object that allows everything.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const SCHEME = 'stand-in:';
const REPLACED = /^(react(\/.*)?|@orderly\.network\/(hooks|net|core|types|utils))$/;

const ANYTHING = `
const anything = new Proxy(function () {}, {
  get: (_, name) => (name === Symbol.toPrimitive ? () => '' : anything),
  apply: () => anything,
  construct: () => anything,
});
export default anything;
`;

export async function resolve(specifier, context, next) {
  if (!REPLACED.test(specifier)) return next(specifier, context);
  const url = new URL(`${SCHEME}${specifier}`);
  url.searchParams.set('importer', context.parentURL);
  return { shortCircuit: true, url: url.href };
}

export async function load(url, context, next) {
  if (!url.startsWith(SCHEME)) return next(url, context);
  const { pathname, searchParams } = new URL(url);
  const source = await readFile(fileURLToPath(searchParams.get('importer')), 'utf8');
  const exported = namesImportedFrom(source, pathname).map((name) => `export const ${name} = anything;`);
  return { shortCircuit: true, format: 'module', source: ANYTHING + exported.join('\n') };
}

function namesImportedFrom(source, specifier) {
  const statement = /import\s*(?:[\w$]+\s*,\s*)?\{([^}]*)\}\s*from\s*["']([^"']+)["']/g;
  const names = new Set();
  for (const [, list, from] of source.matchAll(statement)) {
    if (from !== specifier) continue;
    for (const part of list.split(',')) names.add(part.trim().split(/\s+as\s+/)[0]);
  }
  names.delete('');
  return [...names];
}
