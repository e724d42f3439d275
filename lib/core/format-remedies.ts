/**
 * What to do with a file of a format that nearmiss doesn't read: a line that makes one that it does. Each
 * line carries over all that the file holds, by its names, so that labels and ids come with the vectors.
 */

/** The remedy as sentences with code at the end, to be copied; `stem` is how the file is called that is made, without its extension. */
export type Instead = (file: string, stem: string) => string

/** Python for what a file holds; its name comes in quotes. */
type Expression = (file: string) => string

/** What a line of Python imports, by how its code calls it. */
const IMPORTS = {
  np: 'numpy as np',
  pd: 'pandas as pd',
  torch: 'torch',
  joblib: 'joblib',
  h5py: 'h5py',
  'scipy.io': 'scipy.io',
}

/** Code that runs as it stands, by what it imports. */
function python(code: string): string {
  const names = Object.entries(IMPORTS).filter(([name]) => code.includes(`${name}.`))
  const imports = names.map(([, module]) => module).join(', ')
  return `In Python: ${imports === '' ? '' : `import ${imports}; `}${code}`
}

/** @param load gives a data frame of pandas in which each dimension is a column */
export function fromTable(load: Expression): Instead {
  return (file, stem) => python(`${load(JSON.stringify(file))}.to_csv("${stem}.csv", index=False)`)
}

/**
 * @param load gives a dictionary of arrays, and of other things
 * @param array of one of them, `v` of the name `k`, what NumPy saves without a pickle
 * @param isArray whether it is an array of the file
 */
export function fromArrays(load: Expression, array: string, isArray: string): Instead {
  return (file, stem) =>
    python(
      `d = ${load(JSON.stringify(file))}; np.savez("${stem}.npz", **{k: ${array} for k, v in d.items() if ${isArray}})`,
    )
}

/** What NumPy saves without a pickle, of one part of what a Python object holds, `v`. */
export const AS_ARRAY = 'np.array(list(v) if np.ndim(v) else v)'

/**
 * @param load gives an array, vectors and labels in a tuple, a dictionary of arrays or lists, a list of records,
 *   or a data frame
 * @param array of one of its parts, `v`, what NumPy saves without a pickle
 */
export function fromObject(load: Expression, array: string): Instead {
  return (file, stem) => {
    // An array by itself has no name: it is what its file is called after.
    const name = stem === 'metadata' ? 'column' : stem === 'labels' ? 'labels' : 'embeddings'
    return python(
      `d = ${load(JSON.stringify(file))}; f = next(iter(d)); d = d if isinstance(d, dict) or hasattr(d, "columns") else {k: [r[k] for r in d] for k in f} if isinstance(f, dict) else dict(enumerate(zip(*d))) if isinstance(f, tuple) else dict(zip(["embeddings", "labels", "ids"], d)) if np.ndim(f) == 2 else {"${name}": d}; np.savez("${stem}.npz", **{str(k): ${array} for k, v in d.items()})`,
    )
  }
}

/** One label a line is no table, and its first line no name; anything else is read as a table by another name. */
export function textRemedy(file: string, stem: string): string {
  const name = JSON.stringify(file)
  if (stem === 'labels') {
    return `Of one label a line make an array. ${python(`np.savez("labels.npz", labels=open(${name}, encoding="utf-8").read().splitlines())`)}`
  }
  const spaces = `pd.read_csv(${name}, sep=r"\\s+", header=None, dtype=str, keep_default_na=False).to_csv("${stem}.csv", index=False, header=False)`
  return `With commas, tabs or semicolons between its columns, give it the extension .csv. With spaces, make commas of them. ${python(spaces)}`
}

/** @param command unpacks the file whose name follows it */
export function unpacked(command: string): Instead {
  return (file) => `Unpack it and upload what it holds: ${command} ${file}`
}
