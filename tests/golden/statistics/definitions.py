"""Generates definitions.json: what SciPy has no function for, from the formulas of the papers in plain NumPy, compared by GoldenDefinitionTests.

Run: python3 definitions.py   (Debian: apt-get install python3-scipy)
Inputs are not stored: both sides rebuild them from a linear congruential generator, in the order of the calls below.
"""
import json, math
import numpy as np, scipy
from scipy import optimize, special, stats

class Lcg:
    def __init__(self, seed): self.s = seed
    def u(self):
        self.s = (1664525 * self.s + 1013904223) % 2**32
        return self.s / 2**32
    def normal(self): return sum(self.u() for _ in range(12)) - 6
    def whole(self, low, high): return low + int(self.u() * (high - low + 1))

CASES = 220
out = {name: [] for name in ["mmd", "cuped", "ratio", "non_inferiority", "sequential_means", "sequential_proportions", "off_policy", "cbpe", "psi", "cusum", "kswin", "joint", "group_sequential"]}

def kernel(rows):
    square = ((rows[:, None, :] - rows[None, :, :]) ** 2).sum(-1)
    pairs = np.sort(square[np.tril_indices(len(rows), -1)])
    median = pairs[len(pairs) // 2]
    return np.exp(-square / (median if median > 0 else pairs[-1]))

for seed in range(CASES):
    g = Lcg(seed + 1); n, m, d = g.whole(2, 20), g.whole(2, 20), g.whole(1, 4); shift = g.u() * 2
    a = np.array([[g.normal() for _ in range(d)] for _ in range(n)]); b = np.array([[g.normal() + shift for _ in range(d)] for _ in range(m)])
    k = kernel(np.vstack([a, b])); x, y, xy = k[:n, :n], k[n:, n:], k[:n, n:]
    out["mmd"].append((x.sum() - np.trace(x)) / (n * (n - 1)) + (y.sum() - np.trace(y)) / (m * (m - 1)) - 2 * xy.mean())

    g = Lcg(seed + 1001); n, m = g.whole(3, 60), g.whole(3, 60); strength = g.u() * 3
    x1 = np.array([g.normal() for _ in range(n)]); y1 = np.array([strength * v + g.normal() for v in x1])
    x2 = np.array([g.normal() for _ in range(m)]); y2 = np.array([strength * v + g.normal() + 0.5 for v in x2])
    theta = (((x1 - x1.mean()) * (y1 - y1.mean())).sum() + ((x2 - x2.mean()) * (y2 - y2.mean())).sum()) / (((x1 - x1.mean()) ** 2).sum() + ((x2 - x2.mean()) ** 2).sum())
    mean = np.concatenate([x1, x2]).mean(); a1, a2 = y1 - theta * (x1 - mean), y2 - theta * (x2 - mean)
    out["cuped"].append([a1.mean(), a1.var(ddof=1), a2.mean(), a2.var(ddof=1)])

    g = Lcg(seed + 2001); n, m = g.whole(2, 80), g.whole(2, 80)
    def keys(count): return np.array([[g.whole(0, 9), g.whole(1, 20)] for _ in range(count)], float)
    def ratio(t):
        r = t[:, 0].sum() / t[:, 1].sum()
        return r, (t[:, 0] - r * t[:, 1]).var(ddof=1) / (len(t) * t[:, 1].mean() ** 2)
    (r1, v1), (r2, v2) = ratio(keys(n)), ratio(keys(m)); z = (r1 - r2) / math.sqrt(v1 + v2) if v1 + v2 > 0 else math.nan
    out["ratio"].append([r1, v1, r2, v2, 2 * stats.norm.sf(abs(z))])

    g = Lcg(seed + 3001); n, m = g.whole(2, 100), g.whole(2, 100); margin = g.u()
    first = np.array([g.normal() for _ in range(n)]); second = np.array([g.normal() for _ in range(m)])
    out["non_inferiority"].append(stats.ttest_ind(second + margin, first, equal_var=False, alternative="greater").pvalue)

    g = Lcg(seed + 4001); n, m = g.whole(30, 300), g.whole(30, 300); shift, tau = g.u(), 0.05 + g.u()
    first = np.array([g.normal() for _ in range(n)]); second = np.array([g.normal() + shift for _ in range(m)])
    s2 = first.var(ddof=1) / n + second.var(ddof=1) / m; delta = second.mean() - first.mean()
    # The mixture over N(0, tau^2) is again normal: ratio of the densities of the difference under both.
    log = stats.norm.logpdf(delta, 0, math.sqrt(s2 + tau**2)) - stats.norm.logpdf(delta, 0, math.sqrt(s2))
    half = math.sqrt(s2) * math.sqrt((1 + s2 / tau**2) * (math.log(1 + tau**2 / s2) - 2 * math.log(0.05)))
    out["sequential_means"].append([min(1, math.exp(-log)), delta - half, delta + half])

    g = Lcg(seed + 5001); n, m = g.whole(1, 400), g.whole(1, 400); p, q = g.u() ** 3, g.u() ** 3
    x, y = sum(g.u() < p for _ in range(n)), sum(g.u() < q for _ in range(m)); share = m / (n + m)
    def mixture(k, t): return special.betaln(k + 0.5, t - k + 0.5) - math.log(math.pi)
    def evidence(k, t): return mixture(k, t) - k * math.log(share) - (t - k) * math.log(1 - share) if t else 0
    average = lambda *v: special.logsumexp(v) - math.log(len(v))
    normal = 0
    if min(x, n - x, y, m - y) >= 10:
        pooled = (x + y) / (n + m); row = pooled * (1 - pooled); s2, t2 = row * (1 / n + 1 / m), row * 0.01
        normal = stats.norm.logpdf(y / m - x / n, 0, math.sqrt(s2 + t2)) - stats.norm.logpdf(y / m - x / n, 0, math.sqrt(s2))
    out["sequential_proportions"].append([x, y, min(1, math.exp(-average(average(evidence(y, x + y), evidence(m - y, n - x + m - y)), normal)))])

    g = Lcg(seed + 6001); n = g.whole(2, 100)
    log = np.array([[0.1 + 0.9 * g.u(), g.u(), g.normal(), g.normal(), g.normal()] for _ in range(n)])
    w = log[:, 1] / log[:, 0]; ips = w * log[:, 2]; dr = log[:, 4] + w * (log[:, 2] - log[:, 3]); snips = ips.sum() / w.sum(); z = stats.norm.isf(0.025)
    out["off_policy"].append([ips.mean(), z * ips.std(ddof=1) / math.sqrt(n), snips, z * math.sqrt((w**2 * (log[:, 2] - snips) ** 2).sum()) / w.sum(), dr.mean(), z * dr.std(ddof=1) / math.sqrt(n)])

    g = Lcg(seed + 7001); n = g.whole(20, 200); p = np.array([g.u() for _ in range(n)]); right = np.where(p > 0.5, p, 1 - p)
    out["cbpe"].append([right.mean(), math.sqrt((right * (1 - right)).sum()) / n])

    g = Lcg(seed + 8001); bins = g.whole(2, 30); a = np.array([g.whole(5, 1000) for _ in range(bins)], float); b = np.array([g.whole(5, 1000) for _ in range(bins)], float)
    pa, pb = (a + 0.5) / (a.sum() + bins / 2), (b + 0.5) / (b.sum() + bins / 2); psi = ((pa - pb) * np.log(pa / pb)).sum()
    # Half a row in every bin, so that an empty one is no infinity. Yurdakul and Naranjo (2020): psi over (1/n + 1/m) is nearly chi-square with bins - 1 degrees of freedom.
    out["psi"].append([psi, stats.chi2.sf(psi / (1 / a.sum() + 1 / b.sum()), bins - 1)])

    g = Lcg(seed + 9001); shift = g.u() * 2; values = [g.normal() + (shift if i >= 300 else 0) for i in range(700)]
    drifts, start, up, down = [], 0, 0.0, 0.0
    for i, v in enumerate(values):
        if i - start < 100: continue
        warm = values[start:start + 100]; z = (v - np.mean(warm)) / np.std(warm, ddof=1)
        up, down = max(0, up + z - 0.5), max(0, down - z - 0.5)
        if max(up, down) > 5: drifts.append(i); start, up, down = i + 1, 0.0, 0.0
    out["cusum"].append(drifts)

MASK = 2**64 - 1
def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)

# The published rule (Raab et al. 2020): the newest 30 of a window of 100 against 30 drawn from the other 70, alpha 0.005, and a distance above 0.1 as river asks.
for seed in range(CASES):
    g = Lcg(seed + 11001); values = [g.normal() * (3 if i >= 250 else 1) + (1 if i >= 400 else 0) for i in range(600)]
    window, count, drifts = [], 0, []
    for i, v in enumerate(values):
        count += 1; window = (window + [v])[-100:]
        if len(window) < 100: continue
        draw = mix((0x9E3779B97F4A7C15 + count) & MASK)
        older = [v for _, v in sorted((mix((draw + j) & MASK), v) for j, v in enumerate(window[:70]))][:30]
        r = stats.ks_2samp(window[70:], older, mode="exact")
        if r.pvalue <= 0.005 and r.statistic > 0.1: drifts.append(i); window, count = window[70:], 0
    out["kswin"].append(drifts)

# A classifier two-sample test: the same descent written with matrices; numbers only, no missing ones; 40 rows each.
def standardise(x):
    s = x.std(ddof=1); return np.clip((x - x.mean()) / (s if s > 0 else 1), -5, 5)
for seed in range(CASES):
    g = Lcg(seed + 12001); shift = g.u() * 2
    a = np.array([[g.normal(), g.normal()] for _ in range(40)]); b = np.array([[g.normal() + shift, g.normal() * 2] for _ in range(40)])
    # Which rows train is the other side's draw, so all are used here: even rows train, odd rows judge.
    joint = np.vstack([a, b]); x, y = standardise(joint[:, 0]), standardise(joint[:, 1])
    rows = np.column_stack([np.zeros(80), np.zeros(80), x, y, standardise(x * x), standardise(y * x), standardise(y * y), np.ones(80)])
    label = np.r_[np.zeros(40), np.ones(40)]; train, judge = np.arange(0, 80, 2), np.arange(1, 80, 2)
    weights = np.zeros(8); velocity = np.zeros(8)
    for _ in range(30):
        gradient = rows[train].T @ ((special.expit(rows[train] @ weights) - label[train]) / 40)
        velocity = 0.8 * velocity - 0.5 * gradient; weights = weights + velocity
    scores = rows[judge] @ weights; r = stats.mannwhitneyu(scores[label[judge] == 1], scores[label[judge] == 0], alternative="greater")
    out["joint"].append([r.statistic / 400, r.pvalue])

# Group-sequential boundaries (Lan and DeMets 1983): the surviving density by Gauss-Legendre quadrature, the crossing probability solved by Brent's method; one case in four has looks close together.
def boundaries(information, alpha, pocock):
    spend = lambda t: alpha * math.log(1 + (math.e - 1) * t) if pocock else 4 * stats.norm.sf(stats.norm.isf(alpha / 4) / math.sqrt(t))
    nodes, weights = np.polynomial.legendre.leggauss(1200)
    points, mass, before, spent, out = np.array([0.0]), np.array([1.0]), 0.0, 0.0, []
    for t in information:
        step = math.sqrt(t - before); target = spend(t) - spent
        cross = lambda b: mass @ (stats.norm.sf((b - points) / step) + stats.norm.sf((b + points) / step)) - target
        bound = optimize.brentq(cross, 0, 10 * math.sqrt(t), xtol=1e-14) if cross(10 * math.sqrt(t)) < 0 else 10 * math.sqrt(t)
        out.append(bound / math.sqrt(t)); reach = min(bound, 8 * math.sqrt(t))
        fresh = nodes * reach
        mass = weights * reach * (stats.norm.pdf((fresh[:, None] - points[None, :]) / step) / step @ mass)
        points, before, spent = fresh, t, spent + target
    return out
for seed in range(CASES):
    g = Lcg(seed + 13001); looks, pocock, alpha = g.whole(1, 5), g.u() < 0.5, [0.01, 0.05, 0.1][g.whole(0, 2)]
    shares = [(0.005 if seed % 4 == 0 else 0.05) + g.u() for _ in range(looks)]; whole = sum(shares) + g.u() * 0.2
    out["group_sequential"].append(boundaries([sum(shares[:i + 1]) / whole for i in range(looks)], alpha, pocock))

def clean(x):
    if isinstance(x, (list, tuple)): return [clean(v) for v in x]
    if isinstance(x, (int, np.integer)): return int(x)
    x = float(x); return x if math.isfinite(x) else str(x)
json.dump(dict(meta=dict(scipy=scipy.__version__, numpy=np.__version__, script="definitions.py"), **{k: clean(v) for k, v in out.items()}), open("definitions.json", "w"), separators=(",", ":"))
