import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** `npm test` runs everything; `npx vitest run --project unit` the part that needs nothing installed. */
const project = (name: string, seconds: number) => ({
  oxc: { jsx: { runtime: 'automatic' as const, importSource: 'hono/jsx' } },
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 2000,
    // What is awaited comes in moments; a busy machine takes its time.
    expect: { poll: { timeout: 10_000 } },
    // Files share what they import: half of a small file's time went into importing it anew. What a
    // test changes outside its file (the environment, a spy) it puts back itself.
    isolate: false,
  },
})

const alone = ({ test, ...rest }: ReturnType<typeof project>) => ({
  ...rest,
  test: { ...test, maxWorkers: 1, sequence: { groupOrder: 1 } },
})

export default defineConfig({
  test: {
    // Of the whole and not of each project: it would build anew for every one of them.
    globalSetup: 'test/build.ts',
    // Every core: vitest would leave one to its main process, which has little to do.
    maxWorkers: availableParallelism(),
    projects: [
      project('unit', 30),
      project('contract', 60),
      project('cases', 60),
      project('browser', 60),
      // One file after the other: each deploys from the same folder of the framework's. They come last,
      // as vitest wants it of a project with other workers than the rest.
      alone(project('cloud', 180)),
    ],
  },
})
