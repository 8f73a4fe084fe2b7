/** Unit tests lie beside what they test; a file that needs a DOM says `@vitest-environment jsdom`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts'],
    // Five times as fast: files share their workers, so a test puts back what it replaces.
    isolate: false,
    pool: 'threads',
    testTimeout: 5_000,
  },
});
