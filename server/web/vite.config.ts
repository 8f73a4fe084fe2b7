/**
 * Three builds: the page (no mode), and one self-contained ES module per library, whose mode is
 * the name of the file that it becomes.
 */
import { defineConfig, type UserConfig } from 'vite';

const PAGE_FOLDER = '../liqbands_server/web/page';
const LIBRARY_ENTRIES: Readonly<Record<string, string>> = {
  'liqbands-lightweight-charts': 'src/overlay/index.ts',
  'liqbands-tradingview': 'src/tradingview/index.ts',
};

/** Return the build of the page, and a development server in front of a running liqbands. */
function page(): UserConfig {
  const target = process.env['LIQBANDS'] ?? 'http://127.0.0.1:8765';
  const paths = ['/api', '/udf', '/pine', '/overview', '/docs', '/static', '/lib'];
  return {
    build: {
      outDir: PAGE_FOLDER,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
    },
    server: { proxy: Object.fromEntries(paths.map((path) => [path, { target }])) },
  };
}

/** Return the build of one library; the chart library itself stays an import of its user. */
function library(name: string, entry: string): UserConfig {
  return {
    publicDir: false,
    build: {
      outDir: `${PAGE_FOLDER}/lib`,
      emptyOutDir: false,
      target: 'es2022',
      lib: { entry, formats: ['es'], fileName: () => `${name}.js` },
      rolldownOptions: { external: ['lightweight-charts', 'fancy-canvas'] },
    },
  };
}

export default defineConfig(({ mode }) => {
  const entry = LIBRARY_ENTRIES[mode];
  return entry === undefined ? page() : library(mode, entry);
});
