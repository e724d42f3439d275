"""Expected values of slices: Fisher's test by scipy, Benjamini-Hochberg by its own definition, on iris and breast-cancer cut by their columns."""
import json, sys
from pathlib import Path
import numpy as np
from scipy.stats import false_discovery_control, fisher_exact

rng = np.random.default_rng(3)
result = {"fisher": [], "slices": {}}
tables = [(8, 10, 1, 6), (0, 5, 0, 9), (3, 3, 0, 3), (30, 200, 300, 9000), (0, 20, 500, 10000), (9, 20, 9, 20), (150, 300, 4000, 20000)]
tables += [(int(rng.binomial(n, rng.random())), int(n), int(rng.binomial(m, rng.random())), int(m)) for n, m in rng.integers(1, 400, (40, 2))]
for a, n, b, m in tables:
    result["fisher"].append([a, n, b, m, float(fisher_exact([[a, n - a], [b, m - b]]).pvalue)])

data = np.load(Path(__file__).with_name("breast-cancer.npz"))
x, target = data["embeddings"].astype(np.float64), data["labels"]
n = len(x)
apart = ((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2)
np.fill_diagonal(apart, np.inf)
wrong = target[np.argmin(apart, axis=1)] != target
smooth = np.round(x[:, 4], 3)  # many values: quarters
site = np.where(np.arange(n) % 3 == 0, "a", np.where(np.arange(n) % 3 == 1, "b", "c"))
site[wrong & (np.arange(n) % 2 == 0)] = "a"
edges = [np.sort(smooth)[int(np.ceil(q * n)) - 1] for q in (0.25, 0.5, 0.75)]
quarter = np.array([f"quarter {1 + sum(v > e for e in edges)}" for v in smooth])
cells = {}
for name in sorted(set(site)):
    cells[f"site={name}"] = site == name
for name in sorted(set(quarter)):
    cells[f"smooth={name}"] = quarter == name
for one in sorted(set(site)):
    for other in sorted(set(quarter)):
        cells[f"site={one}&smooth={other}"] = (site == one) & (quarter == other)
cells = {key: rows for key, rows in cells.items() if rows.sum() >= 20}
p = [fisher_exact([[int((wrong & r).sum()), int((~wrong & r).sum())], [int((wrong & ~r).sum()), int((~wrong & ~r).sum())]]).pvalue for r in cells.values()]
adjusted = false_discovery_control(p)
for (key, rows), raw, corrected in zip(cells.items(), p, adjusted):
    result["slices"][key] = [int(rows.sum()), int((wrong & rows).sum()), float(raw), float(corrected)]
result["columns"] = {"site": site.tolist(), "smooth": smooth.tolist()}
json.dump(result, sys.stdout)
print()
