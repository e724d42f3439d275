"""Expected values of the maps that keep neighbours together, by scikit-learn and umap-learn."""

import json
import sys
from pathlib import Path

import numpy as np
import umap
from sklearn.manifold import TSNE, _t_sne, trustworthiness
from sklearn.neighbors import NearestNeighbors

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
result = {}
for name in ["digits/pca-8", "digits/nca-16-small", "digits/nca-32"]:
    x = np.load(SAMPLES / f"{name}.npz")["embeddings"].astype(np.float64)
    tsne = TSNE(init="pca", random_state=42)
    laid_out = tsne.fit_transform(x)
    distances = NearestNeighbors(n_neighbors=90).fit(x).kneighbors_graph(mode="distance")
    distances.data **= 2
    joint = _t_sne._joint_probabilities_nn(distances, 30, 0)
    graph = umap.UMAP(random_state=42)
    embedded = graph.fit_transform(x)
    pairs = [(0, int(j)) for j in joint[0].indices[:8]]
    edges = [(0, int(j)) for j in graph.graph_[0].indices]
    result[name] = {
        "tsne": {
            "trustworthiness": trustworthiness(x, laid_out, n_neighbors=10),
            "kl_divergence": float(tsne.kl_divergence_),
            "affinities": [[i, j, float(joint[i, j])] for i, j in pairs],
        },
        "umap": {
            "trustworthiness": float(trustworthiness(x, embedded, n_neighbors=10)),
            "edges": [[i, j, float(graph.graph_[i, j])] for i, j in edges],
        },
    }
json.dump(result, sys.stdout, indent=1)
print()
