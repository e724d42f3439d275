/** What to do with a file of a format that nearmiss doesn't read: a line that makes one that it does. */

/** The remedy as sentences; `stem` is how the file is called that is made, without its extension. */
export type Instead = (file: string, stem: string) => string

/** Python for what a file holds: its name in quotes, and what the array in it is called, in quotes too. */
type Expression = (file: string, key: string) => string

/** What a line of Python imports, by how its code calls it. */
const IMPORTS = {
  np: 'numpy as np',
  pd: 'pandas as pd',
  torch: 'torch',
  h5py: 'h5py',
  'scipy.io': 'scipy.io',
}

/** Code that runs as it stands, by what it imports. */
function python(code: string): string {
  const names = Object.entries(IMPORTS).filter(([name]) => code.includes(`${name}.`))
  const imports = names.map(([, module]) => module).join(', ')
  return `In Python: ${imports === '' ? '' : `import ${imports}; `}${code}`
}

/** Whether a column may hold whole vectors; in a flat table each dimension is a column. */
type Shape = 'nested' | 'flat'

/** @param load gives a data frame of pandas */
export function fromTable(load: Expression, shape: Shape = 'nested'): Instead {
  return (file, stem) => {
    const frame = load(JSON.stringify(file), '')
    const holdsVectors = stem === 'embeddings' || stem === 'gallery'
    const asCsv = `to_csv("${stem}.csv", index=False)`
    if (shape === 'flat' || !holdsVectors) return python(`${frame}.${asCsv}`)
    return `${python(`frame = ${frame}; np.savez("${stem}.npz", embeddings=np.stack(frame["embedding"]), labels=np.array(frame["label"], str), ids=np.array(frame["id"], str))`)}, with the names of its columns. Where each dimension is a column: frame.${asCsv}`
  }
}

/**
 * @param load gives an array of numbers
 * @param loadLabels gives a list of texts; `load` unless given
 */
export function fromArray(load: Expression, loadLabels: Expression = load): Instead {
  return (file, stem) => {
    const name = JSON.stringify(file)
    if (stem === 'labels') {
      return `${python(`np.savez("labels.npz", labels=${loadLabels(name, '"labels"')})`)}, one label a row.`
    }
    if (stem === 'metadata') {
      return `${python(`np.savez("metadata.npz", column=${loadLabels(name, '"column"')})`)}, each column under its name.`
    }
    return `${python(`np.savez("${stem}.npz", embeddings=${load(name, '"embeddings"')})`)}, with labels=… and ids=… where it holds them too.`
  }
}

/** @param command unpacks the file whose name follows it */
export function unpacked(command: string): Instead {
  return (file) => `Unpack it and upload what it holds: ${command} ${file}`
}
