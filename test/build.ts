/** Builds `dist/` before the tests: worker threads run from it, and so does the command. */

export async function setup(): Promise<void> {
  await import('../infra/build.mjs')
}
