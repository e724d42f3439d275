"""Expected values of the map: principal axes, explained variance and trustworthiness, by scikit-learn."""
import json, sys
from pathlib import Path
import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
result = {}
for name in ["digits/pca-8", "digits/nca-16-small", "digits/nca-32"]:
    x = np.load(SAMPLES / f"{name}.npz")["embeddings"].astype(np.float64)
    pca = PCA(2, svd_solver="full").fit(x)
    y = pca.transform(x)
    for axis in range(2):  # signs as nearmiss has them: the largest loading is positive
        loading = pca.components_[axis]
        if loading[np.argmax(np.abs(loading))] < 0:
            y[:, axis] *= -1
    scale = 1 / np.linalg.norm(x, axis=1).max()
    result[name] = {
        "explained": pca.explained_variance_ratio_.tolist(),
        "first_rows": (y[:5] * scale).tolist(),
        "trustworthiness": trustworthiness(x, y, n_neighbors=10),
    }
# Fewer rows than dimensions.
i, d = np.meshgrid(np.arange(30), np.arange(80), indexing="ij")
x = (np.sin((i + 1) * (d + 1)) * (d % 7 + 1)).astype(np.float32).astype(np.float64)
result["wide"] = {"explained": PCA(2, svd_solver="full").fit(x).explained_variance_ratio_.tolist()}
json.dump(result, sys.stdout, indent=1)
print()
