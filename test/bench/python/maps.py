"""scikit-learn's t-SNE of a file of vectors, and how far maps of it can be believed.

maps.py VECTORS.npy [MAP ...]: with no map it lays one out and judges that. A map holds x of every row,
then y, as float64. Prints JSON: seconds (null for a map that is given), trustworthiness of each.
"""

import json
import sys
import time

import numpy as np
import sklearn
from sklearn.manifold import TSNE, trustworthiness

JUDGED = 5000
vectors = np.load(sys.argv[1])
chosen = np.random.default_rng(42).permutation(len(vectors))[:JUDGED]
seconds = None
maps = [np.fromfile(file).reshape(2, -1).T for file in sys.argv[2:]]
if not maps:
    start = time.perf_counter()
    maps = [TSNE(init="pca", perplexity=30, random_state=42, n_jobs=-1).fit_transform(vectors)]
    seconds = time.perf_counter() - start
print(
    json.dumps(
        {
            "version": f"scikit-learn {sklearn.__version__}",
            "seconds": seconds,
            "trustworthiness": [
                float(trustworthiness(vectors[chosen], map[chosen], n_neighbors=10)) for map in maps
            ],
        }
    )
)
