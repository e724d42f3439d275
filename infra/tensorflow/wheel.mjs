/**
 * TensorFlow's C library out of its Python wheel, for where the host that tfjs-node downloads it from
 * can't be reached but a Python package index can.
 */

import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError, lastLines, run } from '../command.mjs'

/** The newest version whose C interface tfjs-node 4.22 compiles against and runs on. */
const VERSION = '2.15.1'

/** Members of the wheel, and which of its 8000 headers the binding includes. */
const UNPACK = `
import sys, zipfile
wheel, target = sys.argv[1:]
headers = tuple('tensorflow/include/' + folder for folder in
    ('tensorflow/c/', 'tensorflow/core/platform/', 'tsl/c/', 'tsl/platform/'))
libraries = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2')
with zipfile.ZipFile(wheel) as archive:
    for member in archive.infolist():
        if member.filename in libraries:
            member.filename = 'lib/' + member.filename.split('/')[-1]
        elif member.filename.startswith(headers):
            member.filename = member.filename[len('tensorflow/'):]
        else:
            continue
        archive.extract(member, target)
`

/** Why this machine can't use the wheel, or null. */
export function wheelProblem() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `TensorFlow's wheel is taken on Linux on x86-64 only, and this is ${process.platform} on ${process.arch}`
  }
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (
    process.report.getReport()
  )
  if (header.glibcVersionRuntime === undefined) {
    return "TensorFlow's wheel needs the GNU C library, and this Linux has another one (Alpine has)"
  }
  return null
}

/** The Python 3 that can download and unpack, or null. */
export async function findPython() {
  const names = [process.env.PYTHON, 'python3', 'python'].filter((name) => name !== undefined)
  for (const name of names) {
    try {
      const version = await run(name, [
        '-c',
        'import sys, zipfile, pip; print(sys.version_info[0])',
      ])
      if (version.trim() === '3') return name
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
    }
  }
  return null
}

/**
 * Puts `lib/` and `include/` into the folder; the wheel stays in the cache for the next time.
 * @param {{ python: string, cache: string, target: string, logFile: string, signal: AbortSignal }} parts
 */
export async function unpackWheel({ python, cache, target, logFile, signal }) {
  await mkdir(cache, { recursive: true })
  const wheel = await findWheel(cache)
  try {
    await unpack(wheel ?? (await download()))
  } catch (error) {
    if (wheel === null || signal.aborted) throw error
    // A wheel that an earlier run left unreadable is worth one more download.
    await rm(wheel, { force: true })
    await unpack(await download())
  }

  async function download() {
    const platforms = ['manylinux_2_17_x86_64', 'manylinux2014_x86_64']
    await run(
      python,
      [
        ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--dest', cache],
        // The library inside is the same for every Python; without these, pip looks for this one's.
        ...['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'],
        ...platforms.flatMap((platform) => ['--platform', platform]),
        `tensorflow-cpu==${VERSION}`,
      ],
      {
        says: `downloading tensorflow-cpu ${VERSION} (207 MB)`,
        timeoutMs: 1_200_000,
        logFile,
        signal,
      },
    )
    const wheel = await findWheel(cache)
    if (wheel === null) throw new CommandError('pip ended well but left no wheel', '')
    return wheel
  }

  /** @param {string} wheel */
  async function unpack(wheel) {
    await rm(target, { recursive: true, force: true })
    await mkdir(target, { recursive: true })
    await run(python, ['-c', UNPACK, wheel, target], {
      says: 'unpacking TensorFlow (590 MB)',
      logFile,
      signal,
    })
    // The names that the linker looks for.
    await symlink('libtensorflow_cc.so.2', join(target, 'lib/libtensorflow.so'))
    await symlink('libtensorflow_framework.so.2', join(target, 'lib/libtensorflow_framework.so'))
  }
}

/** @param {string} cache */
async function findWheel(cache) {
  const names = existsSync(cache) ? await readdir(cache) : []
  const name = names.find(
    (file) => file.startsWith(`tensorflow_cpu-${VERSION}-`) && file.endsWith('.whl'),
  )
  return name === undefined ? null : join(cache, name)
}

/** What a person does about a failure of these steps. @param {CommandError} error */
export function wheelAdvice(error) {
  return /No space left/.test(error.output)
    ? 'It needs 800 MB of free disk.'
    : `The end of its output:\n${lastLines(error.output, 6)}`
}
