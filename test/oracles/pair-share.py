"""Expected values of shares of pairs that share rows, from dense tables of the pairs, by numpy and scipy."""
import json, sys
import numpy as np
from scipy.stats import norm, t

rng = np.random.default_rng(12)


def expected(holds, weight, rate):
    """`holds` and `weight` (how often a pair was looked at) are symmetric, with nothing on the diagonal."""
    of_row = weight.sum(1)
    seen = of_row > 0
    share = (holds * weight).sum() / weight.sum()
    pairs = weight.sum() / 2
    rows = (of_row**2).sum() ** 2 / (of_row**4).sum()
    freedom = rows - 1
    if share in (0, 1):
        trials = min(pairs, rows / 2)
    else:
        own = (holds * weight).sum(1)[seen] / of_row[seen]
        error = np.sqrt(rows / (rows - 1) * ((of_row[seen] * (own - share)) ** 2).sum()) / pairs
        trials = min(pairs, share * (1 - share) / error**2)
    z = norm.ppf(0.975)
    sure = trials * (z / t.ppf(0.975, freedom)) ** 2
    centre = (share + z * z / (2 * sure)) / (1 + z * z / sure)
    half = z / (1 + z * z / sure) * np.sqrt(share * (1 - share) / sure + z * z / (4 * sure * sure))
    if share <= rate:
        p = 1.0
    elif share == 1:
        p = rate**trials
    else:
        p = t.sf((share - rate) / np.sqrt(max(share * (1 - share), rate * (1 - rate)) / trials), freedom)
    a, b = np.nonzero(np.triu(weight))
    times = weight[a, b].astype(int)
    return {
        "firsts": np.repeat(a, times).tolist(), "seconds": np.repeat(b, times).tolist(),
        "holds": np.repeat(holds[a, b], times).astype(int).tolist(), "rate": rate,
        "share": share, "trials": trials, "freedom": freedom, "interval": [centre - half, centre + half], "p": p,
    }


def table(rows, edge):
    x = rng.normal(size=(rows, 3))
    return (np.sqrt(((x[:, None] - x) ** 2).sum(2)) > edge).astype(float)


def symmetric(weight):
    upper = np.triu(weight, 1)
    return upper + upper.T


result = {}
for name, rows, edge, rate in [("all pairs of 12 rows", 12, 2, 0.4), ("all pairs of 6 rows", 6, 2, 0.3), ("a rate above the share", 9, 3, 0.6)]:
    result[name] = expected(table(rows, edge), 1 - np.eye(rows), rate)
holds = table(14, 2.2)
result["pairs that were drawn, some twice"] = expected(holds, symmetric(rng.integers(0, 3, holds.shape)), 0.25)
apart = np.zeros((14, 14))
apart[:4, 4:] = 1
result["four rows with ten others"] = expected(holds, symmetric(apart), 0.2)
result["all hold"] = expected(np.ones((10, 10)), 1 - np.eye(10), 0.5)
result["none holds"] = expected(np.zeros((10, 10)), 1 - np.eye(10), 0.5)
# Of all pairs of n rows the error is 2 sd / √n of the rows' own shares.
own = result["all pairs of 12 rows"]
holds = np.zeros((12, 12))
holds[own["firsts"], own["seconds"]] = own["holds"]
rates = (holds + holds.T).sum(1) / 11
assert np.isclose(own["share"] * (1 - own["share"]) / own["trials"], (2 * rates.std(ddof=1)) ** 2 / 12)
json.dump(result, sys.stdout)
