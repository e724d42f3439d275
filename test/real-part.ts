/** Tests of real parts (a native library, a server, a browser) skip without them, but never in CI. */

/**
 * Whether to skip what needs `part`; `problem` says why it can't run, null that it can.
 * With `CI=true` a problem is an error, so that a green run means that every part ran.
 *
 * @example describe.skipIf(missing('tfjs-node', await tfjsNodeProblem()))('on tfjs-node', …)
 */
export function missing(part: string, problem: string | null): boolean {
  if (problem === null) return false
  if (process.env.CI === 'true') throw new Error(`CI must run ${part}, and can't: ${problem}`)
  process.stderr.write(`skipped: ${part} (${problem})\n`)
  return true
}
