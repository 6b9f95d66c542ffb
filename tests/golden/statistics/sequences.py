"""Generates sequences.json: confidence sequences and what statsmodels and SciPy have on planning and weighted samples, compared by GoldenSequenceTests.

Run: python3 sequences.py   (Debian: apt-get install python3-scipy python3-statsmodels)
The mixtures are integrated numerically here; the code under test has them in closed form. Power and sample sizes are statsmodels' power functions with the root found by Brent's method.
"""
import json, math, random
import numpy as np, scipy, statsmodels
from scipy import integrate, optimize, stats
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_effectsize

CASES = 220
rng = random.Random(11)
out = {name: [] for name in ["bernoulli", "bounded_mean", "newcombe", "sizes", "weighted_wasserstein"]}

def bernoulli(k, n, alpha):
    """The mixture of binomial likelihoods over the density 1/(pi sqrt(p(1-p))); with p = sin(x)^2 that density is even in x."""
    log = lambda p: (k * math.log(p) if k else 0) + ((n - k) * math.log1p(-p) if n > k else 0)
    top = log(k / n) if 0 < k < n else 0.0
    width = 12 / math.sqrt(n); centre = math.asin(math.sqrt(k / n)); low, high = max(0, centre - width), min(math.pi / 2, centre + width)
    mixture = top + math.log(integrate.quad(lambda x: math.exp(log(math.sin(x) ** 2) - top) if 0 < x < math.pi / 2 else math.exp(-top) * (x == 0 and k == 0 or x > 0 and k == n), low, high, epsabs=0, epsrel=1e-12, limit=500, points=[centre] if low < centre < high else None)[0] * 2 / math.pi)
    excess = lambda p: mixture - log(p) - math.log(2 / alpha)
    lower = 0.0 if k == 0 else optimize.brentq(excess, 1e-300, k / n, xtol=1e-16)
    upper = 1.0 if k == n else optimize.brentq(excess, k / n, 1 - 1e-16, xtol=1e-16)
    return [lower, upper]

def bounded_mean(values, largest, alpha):
    x = np.array(values) / largest; n, mean, squares = len(x), x.mean(), ((x - x.mean()) ** 2).sum()
    def evidence(m):
        s, v = n * abs(m - mean), squares + n * (m - mean) ** 2
        power = lambda l: l * s - v * (-math.log1p(-l) - l)
        best = s / (s + v) if s + v > 0 else 0; top = power(best); spread = 12 * (1 - best) / math.sqrt(v + 1)
        return top + math.log(integrate.quad(lambda l: math.exp(power(l) - top), 0, 1 - 1e-16, epsabs=0, epsrel=1e-12, limit=500, points=sorted({max(0, best - spread), best, min(1 - 1e-12, best + spread)}))[0]) - math.log(2 / alpha)
    lower = 0.0 if evidence(0) < 0 else optimize.brentq(evidence, 0, mean, xtol=1e-13)
    upper = 1.0 if evidence(1) < 0 else optimize.brentq(evidence, mean, 1, xtol=1e-13)
    return [lower * largest, upper * largest]

for i in range(CASES):
    n = rng.choice([1, 2, 10, 100, 3000, 100000]); k = rng.choice([0, n, rng.randint(0, n), int(n * rng.random() ** 3)]); alpha = rng.choice([0.001, 0.05, 0.2])
    out["bernoulli"].append([k, n, alpha, *bernoulli(k, n, alpha)])

    n = rng.choice([1, 2, 10, 100, 2000]); largest = rng.choice([1, 10, 1e-3, 1e6]); kind = rng.choice(["even", "rare", "same", "skewed"])
    values = [round(v * largest, 9) for v in ([rng.random() for _ in range(n)] if kind == "even" else [float(rng.random() < 0.02) for _ in range(n)] if kind == "rare" else [0.25] * n if kind == "same" else [min(1, math.exp(rng.gauss(-2, 1))) for _ in range(n)])]
    mean = float(np.mean(values)); out["bounded_mean"].append([n, mean, float(((np.array(values) - mean) ** 2).sum()), largest, alpha, *bounded_mean(values, largest, alpha)])

    n1, n2 = rng.choice([5, 40, 300, 20000]), rng.choice([5, 40, 300, 20000]); x1, x2 = rng.choice([0, n1, rng.randint(0, n1)]), rng.choice([0, n2, rng.randint(0, n2)])
    low, high = confint_proportions_2indep(x2, n2, x1, n1, method="newcomb", compare="diff", alpha=alpha)
    out["newcombe"].append([x1, n1, x2, n2, alpha, float(low), float(high)])

    p1 = rng.uniform(0.01, 0.9); p2 = min(0.99, p1 * rng.uniform(1.05, 2)); power, ratio = rng.choice([0.5, 0.8, 0.95]), rng.choice([0.25, 1, 3]); alpha = rng.choice([0.01, 0.05, 0.1])
    za, zb, q = stats.norm.isf(alpha / 2), stats.norm.ppf(power), NormalIndPower(); pooled = (p1 + ratio * p2) / (1 + ratio)
    solve = lambda d: optimize.brentq(lambda m: q.power(d, m, alpha, ratio) - power, 1e-6, 1e9, xtol=1e-12, rtol=1e-14)
    h = float(proportion_effectsize(p1, p2)); d = rng.uniform(0.02, 1.5); rows = rng.choice([20, 1000, 50000])
    out["sizes"].append([p1, p2, alpha, power, ratio, (za + zb) ** 2 * (p1 * (1 - p1) + p2 * (1 - p2) / ratio) / (p1 - p2) ** 2,
        (za * math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio)) + zb * math.sqrt(p1 * (1 - p1) + p2 * (1 - p2) / ratio)) ** 2 / (p1 - p2) ** 2, solve(h), d, solve(d), rows, float(q.power(h, rows, alpha, ratio)), float(q.power(d, rows, alpha, ratio))])

    a, b = [[round(rng.gauss(0, 1), rng.choice([0, 3])) for _ in range(rng.choice([1, 2, 30]))] for _ in range(2)]; u, v = [[rng.choice([0.0, 1.0, rng.random()]) for _ in s] for s in (a, b)]; u[0] = v[0] = 0.5
    out["weighted_wasserstein"].append([a, u, b, v, float(stats.wasserstein_distance(a, b, u, v))])

json.dump(dict(meta=dict(scipy=scipy.__version__, numpy=np.__version__, statsmodels=statsmodels.__version__, script="sequences.py"), **out), open("sequences.json", "w"), separators=(",", ":"))
