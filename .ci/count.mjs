/** Says how the tests went, as the last line; fails where one failed, none ran or the start did. */

import { readFileSync } from 'node:fs'

const [file = '', testStatus = '', startStatus = ''] = process.argv.slice(2)
const report = read(file)
const suites = report.testResults ?? []
const passed = report.numPassedTests ?? 0
const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0)
// A file that can't be loaded, or whose preparation fails, has no failed test of its own.
const broken = suites.filter(
  ({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
)
let failed = (report.numFailedTests ?? 0) + broken.length
for (const { name, message } of broken) process.stdout.write(`broken: ${name}\n${message}\n`)
if (startStatus === '0') process.stdout.write('npm start serves its page and ends on Ctrl-C\n')
else failed += 1
if (testStatus !== '0' && failed === 0) failed = 1
if (failed > 0 || passed === 0) process.exitCode = 1
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`)

/** @param {string} path */
function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    process.stdout.write(`the tests left no report: ${error}\n`)
    return {}
  }
}
