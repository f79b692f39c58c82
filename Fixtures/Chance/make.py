"""Writes chance.json: python make.py  (needs numpy and scipy)

beta, normal     scipy.special: I_x(a, b), its inverse, ln Γ; Φ and its inverse
binomial         scipy.stats.binomtest(...).proportion_ci("exact")
unequal          tails of sums of unequal coins, over all 2^n outcomes
holm             by the definition, over all places before each
signs            scipy.stats.permutation_test over all 2^n signs: the exact p that random signs approach
regridded        numpy: every cell repeated to a common multiple of both grids, then summed in blocks; and the correlations by scipy
"""
import itertools
import json
import pathlib

import numpy as np
from scipy import special, stats

random = np.random.default_rng(20240615)
beta = [dict(x=x, a=a, b=b, value=float(special.betainc(a, b, x)))
        for a, b in [(1, 1), (0.5, 0.5), (3, 8), (41, 160), (200, 1), (1, 10000), (4321, 5680), (2, 0.3)]
        for x in [1e-6, 0.01, 0.2, 0.25, 0.432, 0.5, 0.9, 0.999]]
gamma = [dict(x=x, value=float(special.gammaln(x))) for x in [0.01, 0.5, 1, 1.5, 2, 3.7, 10, 15.99, 16, 100.5, 10001, 1e6]]
normal = [dict(p=p, z=float(special.ndtri(p))) for p in [1e-12, 1e-6, 0.001, 0.025, 0.2, 0.5, 0.7, 0.975, 0.999, 1 - 1e-9]]
binomial = []
for k, n in [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (17, 24), (95, 200), (199, 200), (5100, 10000)]:
    for level in [0.9, 0.95, 0.99]:
        ci = stats.binomtest(k, n).proportion_ci(level, "exact")
        binomial.append(dict(hits=k, count=n, level=level, lower=float(ci.low), upper=float(ci.high)))
unequal = []
for n in [1, 4, 9]:
    p = random.uniform(0, 0.8, n)
    for k in range(n + 1):
        tail = sum(np.prod(np.where(bits, p, 1 - p)) for bits in itertools.product([0, 1], repeat=n) if sum(bits) >= k)
        unequal.append(dict(chances=p.tolist(), hits=k, p=float(tail)))
holm = []
for m in [1, 5, 22]:
    p = np.round(random.uniform(0, 0.2, m) ** 2, 4)
    s = np.sort(p)
    holm.append(dict(p=p.tolist(), adjusted=[float(min(1, max((m - j) * s[j] for j in range(np.searchsorted(s, v, "right"))))) for v in p]))
signs = []
for n, shift in [(6, 0.5), (10, 0.6), (12, 0.0)]:
    d = random.normal(shift, 1, n)
    test = {t: float(stats.permutation_test((d,), lambda x, axis: x.mean(axis=axis), permutation_type="samples", n_resamples=np.inf,
                                            vectorized=True, alternative=a).pvalue) for t, a in [("greater", "greater"), ("less", "less")]}
    signs.append(dict(differences=d.tolist(), **test))
regridded = []
for (h, w), (H, W) in [((7, 7), (3, 4)), ((6, 4), (6, 4)), ((16, 24), (7, 5)), ((5, 9), (9, 5))]:
    a, b = random.normal(size=(h, w)), random.normal(size=(H, W))
    if (h, w) == (H, W):  # ties, where no sum can break them
        a, b = np.round(a, 1), np.round(b, 1)
    th, tw = min(h, H), min(w, W)

    def to(m):
        y, x = m.shape
        fine = np.repeat(np.repeat(m, th, 0), tw, 1) / (th * tw)
        return fine.reshape(th, y, tw, x).sum((1, 3))

    x, y = (a, b) if (h, w) == (H, W) else (to(a), to(b))
    x, y = x.ravel(), y.ravel()
    regridded.append(dict(first=a.ravel().tolist(), firstHeight=h, firstWidth=w, second=b.ravel().tolist(), secondHeight=H, secondWidth=W,
                          pearson=float(stats.pearsonr(x, y)[0]), spearman=float(stats.spearmanr(x, y)[0])))
(pathlib.Path(__file__).parent / "chance.json").write_text(json.dumps(dict(
    beta=beta, gamma=gamma, normal=normal, binomial=binomial, unequal=unequal, holm=holm, signs=signs, regridded=regridded), separators=(",", ":")))
