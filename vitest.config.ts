import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** `npm test` runs everything; `npx vitest run --project unit` the part that needs nothing installed. */
const project = (name: string, seconds: number) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 2000,
  },
})

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    // Worker threads and the command run from the bundle.
    globalSetup: 'test/build.ts',
    // Every core: the one that runs the workers has little to do. Vitest would leave it out.
    maxWorkers: availableParallelism(),
    // Files share what they import: half of a small file's time went into importing it anew. What a
    // test changes outside its file (the environment, a spy) it puts back itself.
    isolate: false,
    projects: [
      project('unit', 30),
      project('contract', 60),
      project('cases', 60),
      project('browser', 60),
      project('cloud', 180),
    ],
  },
})
