/**
 * What to do with a file of a format that nearmiss doesn't read: a line that makes one that it does. Each
 * line carries over all that the file holds, by its names, so that labels and ids come with the vectors.
 */

/** The remedy as sentences; `stem` is how the file is called that is made, without its extension. */
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

/**
 * @param load gives an array, a dictionary of arrays or lists, or a data frame
 * @param array of one of them, `v`, what NumPy saves without a pickle
 */
export function fromObject(load: Expression, array: string): Instead {
  return (file, stem) => {
    // An array by itself has no name: it is what its file is called after.
    const name = stem === 'metadata' ? 'column' : stem === 'labels' ? 'labels' : 'embeddings'
    return python(
      `d = ${load(JSON.stringify(file))}; d = d if isinstance(d, dict) or hasattr(d, "columns") else {"${name}": d}; np.savez("${stem}.npz", **{str(k): ${array} for k, v in d.items()})`,
    )
  }
}

/** One label a line is no table, and its first line no name; anything else is read as a table by another name. */
export function textRemedy(file: string, stem: string): string {
  const name = JSON.stringify(file)
  if (stem === 'labels') {
    return `${python(`np.savez("labels.npz", labels=open(${name}, encoding="utf-8").read().splitlines())`)}, one label a line.`
  }
  const spaces = `pd.read_csv(${name}, sep=r"\\s+", header=None, dtype=str, keep_default_na=False).to_csv("${stem}.csv", index=False, header=False)`
  return `With commas, tabs or semicolons between its columns, call it by that: mv ${name} "${stem}.csv". With spaces: ${python(spaces)}`
}

/** @param command unpacks the file whose name follows it */
export function unpacked(command: string): Instead {
  return (file) => `Unpack it and upload what it holds: ${command} ${file}`
}
