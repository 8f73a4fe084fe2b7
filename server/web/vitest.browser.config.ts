/** Specs and scripts in a real browser; `python -m tests.server.web_page.run_script` runs them. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // The market moves and two workers answer: what is right comes within three tries.
    retry: 2,
    environment: 'node',
    include: ['tests/browser/**/*.{spec,script}.ts'],
    fileParallelism: false,
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
