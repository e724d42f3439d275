/** What the trade-off of `report.json` holds. */

import type { TableDefinition } from '../../core/definition.ts'

const INTERVAL = 'over the same queries, with the normal 95 % interval of the paired difference'

export const tradeOffTable: TableDefinition = {
  id: 'trade_off',
  title: 'Smaller forms of the vectors',
  path: 'tradeOff.variants',
  definition:
    'The vectors as they are; after principal components to 2, 4, 8, … dimensions, the four largest of these that are fewer than there are (256 at most); their leading dimensions of the same sizes, brought to unit length anew with cosine distance; with each dimension rounded to 256 even steps between its least and its largest value (int8); and with one bit for each, whether it is above its mean (binary, compared by Hamming distance). 5,000 rows of the gallery at most are searched, and as many queries asked as make 2,560,000 pairs, both drawn in proportion to the classes (seeded); a query’s own row and its group are left out. `tradeOff.smallest` is the form with the fewest bytes that loses no more than `tradeOff.target` of Hit@1 and of MAP@R; where the vectors as they are find no better than chance, or don’t give the run’s own Hit@1 and MAP@R within 0.002, nothing is tried. With euclidean distance rows that lie 256 times as far from the middle as most, if they are no more than a quarter, are brought in to there. Rows are ordered by distances in double precision, rounded to float32, so that equal ones go to the lower row.',
  source:
    'Jolliffe: Principal Component Analysis, 2002; Kusupati et al.: Matryoshka representation learning, 2022 (leading dimensions)',
  elsewhere:
    'faiss calls int8 `QT_8bit`, and binary a binary flat index; sentence-transformers has both as `quantize_embeddings`.',
  columns: [
    { name: 'id', unit: 'text', definition: '`full`, `pca-64`, `leading-64`, `int8` or `binary`.' },
    { name: 'kind', unit: 'text', definition: 'The same without the size.' },
    { name: 'title', unit: 'text', definition: 'Its name.' },
    { name: 'dimensions', unit: 'count', definition: 'Values of a row.' },
    { name: 'bytesPerRow', unit: 'count', definition: 'Bytes that a row takes.' },
    {
      name: 'searchCost',
      unit: 'share',
      definition: 'Bytes that a search reads, beside the vectors as they are.',
    },
    { name: 'hitAt1', unit: 'share', definition: 'Hit@1 of the queries.' },
    { name: 'hitAt10', unit: 'share', definition: 'Hit@10 of the queries.' },
    { name: 'mapAtR', unit: 'share', definition: 'MAP@R of the queries.' },
    { name: 'hitAt1Loss', unit: 'share', definition: `Loss of Hit@1 ${INTERVAL}.` },
    { name: 'mapAtRLoss', unit: 'share', definition: `Loss of MAP@R ${INTERVAL}.` },
    {
      name: 'keepsTarget',
      unit: 'yes or no',
      definition: 'Whether neither loss is more than the target.',
    },
  ],
}
