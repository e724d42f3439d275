/**
 * Formats of the files that an upload may hold, each once: how it is known, and whether nearmiss reads
 * it or what to do instead. Pages use the list too, so it needs nothing of Node.
 */

import {
  startsAsSafetensors,
  startsWith,
  startsWithText,
  textAt,
  zipStartsWith,
} from './format-marks.ts'
import {
  AS_ARRAY,
  fromArrays,
  fromObject,
  fromTable,
  type Instead,
  textRemedy,
  unpacked,
} from './format-remedies.ts'

/** The part of an upload that a file plays, and how the file is called then. */
export const PART_STEMS = {
  vectors: 'embeddings',
  gallery: 'gallery',
  labels: 'labels',
  metadata: 'metadata',
} as const

/** The file of settings that TensorFlow's Embedding Projector has beside its vectors. */
export const PROJECTOR_CONFIG = 'projector_config.json'

export type UploadPart = keyof typeof PART_STEMS

export interface FormatRecord {
  /** As a sentence calls it. */
  readonly title: string
  /** With their dot, in lower case. */
  readonly extensions: readonly string[]
  /** Whether a file's first bytes are surely of this format; null where it has no mark, as text. */
  readonly matches: ((start: Uint8Array) => boolean) | null
  /** The format that its files are packed in: of two marks the extension chooses then. */
  readonly within?: 'zip' | 'gzip'
  /** Settings and notes come in it too: a file of it is only taken for embeddings where there is no other. */
  readonly isLoose?: true
  /** Set where it is a file of any format, packed: that one is what is read. */
  readonly isPacking?: true
  /** Whether its parts are read where they lie, without the rest of the file. */
  readonly byRange?: true
  /** Why nearmiss doesn't read it, and what to do instead; absent where it does. */
  readonly unread?: {
    /** As a sentence; where it is left out there is no other reason than that nobody wrote a reader. */
    readonly why?: string
    readonly instead: Instead
  }
}

/** Those that are read come first; of two that a file may be, the first one is meant. */
export const FORMATS = {
  npz: {
    title: 'NumPy’s .npz',
    extensions: ['.npz'],
    matches: zipStartsWith(/\.npy$/),
    within: 'zip',
  },
  npy: {
    title: 'NumPy’s .npy',
    extensions: ['.npy'],
    matches: startsWith(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59),
  },
  csv: { title: 'CSV', extensions: ['.csv'], matches: null },
  tsv: {
    title: 'text with tabs between the columns',
    extensions: ['.tsv', '.tab'],
    matches: null,
  },
  safetensors: {
    title: 'safetensors',
    extensions: ['.safetensors'],
    matches: startsAsSafetensors,
    byRange: true,
  },
  parquet: {
    title: 'Parquet',
    extensions: ['.parquet', '.pq'],
    matches: startsWithText('PAR1', 'PARE'),
    byRange: true,
  },
  arrow: {
    title: 'Arrow or Feather',
    extensions: ['.arrow', '.feather', '.ipc'],
    // A stream begins with the mark of its first message.
    matches: (start) =>
      startsWithText('ARROW1', 'FEA1')(start) || startsWith(0xff, 0xff, 0xff, 0xff)(start),
    byRange: true,
  },
  jsonl: {
    title: 'JSON Lines',
    extensions: ['.jsonl', '.ndjson'],
    matches: null,
  },
  json: {
    title: 'JSON',
    extensions: ['.json'],
    matches: null,
    isLoose: true,
  },
  tensorBytes: {
    title: 'the Embedding Projector’s numbers',
    extensions: ['.bytes'],
    matches: null,
  },
  excel: {
    title: 'a spreadsheet',
    extensions: ['.xlsx', '.xls', '.ods'],
    matches: zipStartsWith(/^(\[Content_Types\]\.xml|_rels\/|xl\/)/),
    within: 'zip',
    unread: {
      instead: fromTable((file) => `pd.read_excel(${file}, dtype=str, keep_default_na=False)`),
    },
  },
  torch: {
    title: 'PyTorch’s .pt',
    extensions: ['.pt', '.pth', '.ckpt'],
    matches: (start) =>
      zipStartsWith(/\/data\.pkl$/)(start) ||
      startsWith(0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9)(start),
    within: 'zip',
    unread: {
      why: 'It holds a pickle, and reading one runs the code in it.',
      instead: fromObject(
        (file) => `torch.load(${file}, map_location="cpu")`,
        `v.detach().float().numpy() if torch.is_tensor(v) and v.is_floating_point() else ${AS_ARRAY}`,
      ),
    },
  },
  pickle: {
    title: 'a pickle',
    extensions: ['.pkl', '.pickle', '.joblib'],
    matches: (start) => [2, 3, 4, 5].some((version) => startsWith(0x80, version)(start)),
    unread: {
      why: 'Reading a pickle runs the code in it.',
      instead: fromObject(
        (file) => (file.endsWith('.joblib"') ? `joblib.load(${file})` : `pd.read_pickle(${file})`),
        AS_ARRAY,
      ),
    },
  },
  hdf5: {
    title: 'HDF5',
    extensions: ['.h5', '.hdf5', '.hdf', '.h5ad'],
    matches: startsWith(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a),
    unread: {
      instead: fromArrays(
        (file) => `h5py.File(${file})`,
        'np.array(v.asstr()[()], str) if h5py.check_string_dtype(v.dtype) else v[()]',
        'hasattr(v, "dtype")',
      ),
    },
  },
  matlab: {
    title: 'MATLAB’s .mat',
    extensions: ['.mat'],
    matches: startsWithText('MATLAB 5.0 MAT-file'),
    unread: {
      instead: fromArrays(
        (file) => `scipy.io.loadmat(${file}, squeeze_me=True)`,
        // Texts come padded with spaces.
        'np.array([x.rstrip() if isinstance(x, str) else x for x in np.atleast_1d(v)])',
        'k[0] != "_"',
      ),
    },
  },
  r: {
    title: 'R’s .rds',
    extensions: ['.rds'],
    matches: null,
    within: 'gzip',
    unread: {
      instead: (file, stem) =>
        `In R: write.csv(readRDS(${JSON.stringify(file)}), "${stem}.csv", row.names = FALSE)`,
    },
  },
  text: {
    title: 'plain text',
    extensions: ['.txt', '.dat'],
    matches: null,
    unread: {
      instead: textRemedy,
    },
    isLoose: true,
  },
  gzip: {
    title: 'packed with gzip',
    extensions: ['.gz'],
    matches: startsWith(0x1f, 0x8b),
    isPacking: true,
  },
  zstd: {
    title: 'packed with zstd',
    extensions: ['.zst', '.zstd'],
    // Or what other programs put before it.
    matches: (start) =>
      startsWith(0x28, 0xb5, 0x2f, 0xfd)(start) ||
      (start[0]! >> 4 === 5 && startsWith(0x2a, 0x4d, 0x18)(start.subarray(1))),
    isPacking: true,
  },
  bzip2: {
    title: 'packed with bzip2',
    extensions: ['.bz2'],
    matches: startsWithText('BZh'),
    unread: { instead: unpacked('bunzip2') },
  },
  xz: {
    title: 'packed with xz',
    extensions: ['.xz'],
    matches: startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00),
    unread: { instead: unpacked('unxz') },
  },
  tar: {
    title: 'a tar archive',
    extensions: ['.tar', '.tgz'],
    matches: textAt(257, 'ustar'),
    unread: { instead: unpacked('tar xf') },
  },
  sevenZip: {
    title: 'a 7z archive',
    extensions: ['.7z'],
    matches: startsWith(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c),
    unread: { instead: unpacked('7z x') },
  },
  // Last, since several formats are packed in one.
  zip: {
    title: 'a zip archive',
    extensions: ['.zip'],
    matches: startsWithText('PK\u0003\u0004', 'PK\u0005\u0006'),
    unread: { instead: unpacked('unzip') },
  },
} as const satisfies Readonly<Record<string, FormatRecord>>

export type FormatId = keyof typeof FORMATS

/** In which a file of any format may be packed. */
export type PackingId = {
  [Id in FormatId]: (typeof FORMATS)[Id] extends { readonly isPacking: true } ? Id : never
}[FormatId]

/** Those for which there is a reader. */
export type ReadFormatId = {
  [Id in FormatId]: (typeof FORMATS)[Id] extends { readonly unread: unknown } ? never : Id
}[Exclude<FormatId, PackingId>]
