"""Generates two-sample.json and distributions.json: reference values of SciPy, compared by GoldenTwoSampleTests and GoldenDistributionTests.

Run: python3 two_sample.py   (Debian: apt-get install python3-scipy)
Inputs are not stored: both sides rebuild them from a linear congruential generator with operations that IEEE 754 rounds in one way only.
"""
import json, math, warnings
import numpy as np, scipy
from scipy import stats, special
from scipy.spatial import distance
warnings.simplefilter("ignore")

class Lcg:
    def __init__(self, seed): self.s = seed
    def u(self):
        self.s = (1664525 * self.s + 1013904223) % 2**32
        return self.s / 2**32

def sample(seed, n, kind, shift):
    g = Lcg(seed)
    def one():
        if kind == "uniform": return g.u() + shift
        if kind == "normal": return sum(g.u() for _ in range(12)) - 6 + shift
        if kind == "heavy":
            u = g.u()
            return u / (1 - u) + shift
        if kind == "ties": return math.floor(g.u() * 8 + shift)
        if kind == "rounded": return math.floor((sum(g.u() for _ in range(12)) - 6 + shift) * 4) / 4
        if kind == "constant": return 2.0 + math.floor(shift)
        raise ValueError(kind)
    return np.array([float(one()) for _ in range(n)])

def clean(x):
    if isinstance(x, dict): return {k: clean(v) for k, v in x.items()}
    if isinstance(x, (list, tuple, np.ndarray)): return [clean(v) for v in x]
    if isinstance(x, (bool, np.bool_)): return bool(x)
    if isinstance(x, (int, np.integer)): return int(x)
    x = float(x)
    return x if math.isfinite(x) else str(x)

def attempt(f, strict=False):
    """None where SciPy cannot; strict also where it warns that it fell back to an approximation."""
    with warnings.catch_warnings():
        if strict: warnings.simplefilter("error")
        try: return f()
        except Exception: return None

sizes = [(1,1),(1,2),(2,2),(2,3),(3,3),(3,7),(5,5),(5,8),(8,8),(8,13),(7,200),(13,13),(20,15),(20,20),(21,30),(40,30),(50,50),(60,80),(100,100),(100,300),(300,200),(500,1000),(1000,1000),(800,1200)]
kinds = ["normal", "heavy", "ties", "rounded", "constant", "uniform"]
cases, number = [], 0
for n, m in sizes:
    for kind in kinds:
        for shift in ([0, 0.25, 0.5, 1.0] if kind in ["normal", "heavy", "uniform"] else [0, 0.5] if n > 2 else [0, 1.5]):
            number += 1
            a, b = sample(1000 + number, n, kind, 0), sample(5000 + number, m, kind, shift)
            e = {}
            for alt in ["two-sided", "greater", "less"]:
                r = attempt(lambda: stats.ks_2samp(a, b, alternative=alt, mode="exact"), strict=True)
                if r is not None: e["ks-exact-" + alt] = [r[0], r[1]]
                r = stats.ks_2samp(a, b, alternative=alt, mode="asymp")
                e["ks-asymp-" + alt] = [r[0], r[1]]
                r = attempt(lambda: stats.mannwhitneyu(a, b, alternative=alt))
                if r is not None: e["mann-whitney-" + alt] = [r[0], r[1]]
            if n > 1 and m > 1:
                r = attempt(lambda: stats.cramervonmises_2samp(a, b))
                # With ties SciPy compares mid-ranks with plain ones and rejects equal samples: nothing to compare with.
                if r is not None and kind in ["normal", "heavy", "uniform"]: e["cramer-von-mises"] = [r.statistic, r.pvalue]
                r = stats.ttest_ind(a, b, equal_var=False)
                e["welch"] = [r[0], r[1]]
                r = attempt(lambda: stats.levene(a, b, center="median"))
                if r is not None: e["levene"] = [r[0], r[1]]
            if n + m >= 4:
                r = attempt(lambda: stats.anderson_ksamp([a, b]))
                if r is not None: e["anderson-darling"] = [r[0], r[2]]
            e["wasserstein"] = stats.wasserstein_distance(a, b)
            e["energy"] = stats.energy_distance(a, b)
            cases.append(dict(seedA=1000 + number, seedB=5000 + number, n=n, m=m, kind=kind, shift=shift, expected=e))
for n, m in [(20000, 30000), (100000, 5000)]:
    for kind in ["uniform", "heavy", "ties"]:
        number += 1
        a, b = sample(1000 + number, n, kind, 0), sample(5000 + number, m, kind, 0.01)
        e = {}
        for alt in ["two-sided", "greater", "less"]:
            r = stats.ks_2samp(a, b, alternative=alt, mode="asymp"); e["ks-asymp-" + alt] = [r[0], r[1]]
            r = stats.mannwhitneyu(a, b, alternative=alt); e["mann-whitney-" + alt] = [r[0], r[1]]
        r = stats.cramervonmises_2samp(a, b)
        if kind != "ties": e["cramer-von-mises"] = [r.statistic, r.pvalue]
        r = stats.ttest_ind(a, b, equal_var=False); e["welch"] = [r[0], r[1]]
        r = stats.levene(a, b, center="median"); e["levene"] = [r[0], r[1]]
        e["wasserstein"] = stats.wasserstein_distance(a, b); e["energy"] = stats.energy_distance(a, b)
        cases.append(dict(seedA=1000 + number, seedB=5000 + number, n=n, m=m, kind=kind, shift=0.01, expected=e))

tables = []
g = Lcg(77)
for number in range(240):
    k = 1 + int(g.u() * (3 if number % 3 == 0 else 20))
    size = [5, 50, 1000, 1000000][number % 4]
    a = [int(g.u() * size * (0 if g.u() < 0.15 else 1)) for _ in range(k)]
    b = [int(g.u() * size * 0.7 * (0 if g.u() < 0.15 else 1)) for _ in range(k)]
    keep = [i for i in range(k) if a[i] + b[i] > 0]
    pa, pb = [a[i] for i in keep], [b[i] for i in keep]
    e = {}
    if len(keep) >= 2 and sum(pa) > 0 and sum(pb) > 0:
        c = stats.chi2_contingency([pa, pb], correction=False); e["chi-square"] = [c[0], c[1], c[2]]
        c = stats.chi2_contingency([pa, pb], correction=False, lambda_="log-likelihood"); e["g"] = [c[0], c[1], c[2]]
    if sum(a) > 0 and sum(b) > 0:
        p, q = np.array(a) / sum(a), np.array(b) / sum(b)
        e["kl"] = float(np.sum(special.rel_entr(p, q)))
        e["js"] = float(distance.jensenshannon(p, q))
        e["hellinger"] = float(np.sqrt(np.sum((np.sqrt(p) - np.sqrt(q))**2) / 2))
        e["tv"] = float(0.5 * np.sum(np.abs(p - q)))
        e["linf"] = float(np.max(np.abs(p - q)))
    s = [2, 10, 60, 400][number % 4]
    t = [int(g.u() * s) for _ in range(4)]
    e["fisher"] = stats.fisher_exact([[t[0], t[1]], [t[2], t[3]]])[1]
    e["fisher-greater"] = stats.fisher_exact([[t[0], t[1]], [t[2], t[3]]], alternative="greater")[1]
    tables.append(dict(a=a, b=b, table=t, expected=e))
meta = dict(scipy=scipy.__version__, numpy=np.__version__, script="two_sample.py")
json.dump(dict(meta=meta, samples=[dict(c, expected=clean(c["expected"])) for c in cases], tables=[dict(t, expected=clean(t["expected"])) for t in tables]), open("two-sample.json", "w"), indent=None, separators=(",", ":"))

g = Lcg(99)
def logu(lo, hi): return math.exp(math.log(lo) + g.u() * (math.log(hi) - math.log(lo)))
d = {k: [] for k in ["norm_sf", "norm_ppf", "chi2_sf", "t_sf", "t_isf", "f_sf", "beta_cdf", "beta_sf", "gammaincc", "gammainc", "binom_cdf", "binom_atleast", "kstwo_sf", "smirnov", "kolmogorov", "lgamma"]}
for i in range(220):
    x = (g.u() - 0.5) * 70; d["norm_sf"].append([x, stats.norm.sf(x)])
    p = 10 ** (-g.u() * 300) if i % 2 else g.u(); d["norm_ppf"].append([p, stats.norm.ppf(p)])
    k = round(logu(1, 1e5)); x = k * logu(0.3, 3) if i % 2 else k + math.sqrt(2 * k) * (g.u() - 0.5) * 12; x = abs(x); d["chi2_sf"].append([x, k, stats.chi2.sf(x, k)])
    t, df = (g.u() - 0.3) * 30, logu(1, 1e6); d["t_sf"].append([t, df, stats.t.sf(t, df)])
    p, df = logu(1e-12, 0.99), logu(1, 1e5); d["t_isf"].append([p, df, stats.t.isf(p, df)])
    f, a, b = logu(0.05, 20), round(logu(1, 300)), round(logu(1, 1e4)); d["f_sf"].append([f, a, b, stats.f.sf(f, a, b)])
    a, b = logu(0.5, 1e4), logu(0.5, 1e4); mean = a / (a + b); sd = math.sqrt(mean * (1 - mean) / (a + b + 1)); x = min(max(mean + (g.u() - 0.5) * 12 * sd, 1e-6), 1 - 1e-6)
    d["beta_cdf"].append([x, a, b, stats.beta.cdf(x, a, b)]); d["beta_sf"].append([x, a, b, stats.beta.sf(x, a, b)])
    a = logu(0.1, 1e5); x = max(1e-3, a + math.sqrt(a) * (g.u() - 0.5) * 14); d["gammaincc"].append([a, x, special.gammaincc(a, x)]); d["gammainc"].append([a, x, special.gammainc(a, x)])
    n = round(logu(1, 1e5)); p = g.u() ** 2; k = min(n, max(0, round(n * p + (g.u() - 0.5) * 10 * math.sqrt(n * p * (1 - p) + 1)))); d["binom_cdf"].append([k, n, p, stats.binom.cdf(k, n, p)]); d["binom_atleast"].append([k, n, p, stats.binom.sf(k - 1, n, p)])
    n = round(logu(1, 20000)); x = min(1, logu(0.3, 3) / math.sqrt(n)); d["kstwo_sf"].append([x, n, stats.kstwo.sf(x, n)]); d["smirnov"].append([x, n, special.smirnov(n, x)])
    z = logu(0.15, 6); d["kolmogorov"].append([z, special.kolmogorov(z)])
    x = logu(1e-3, 1e7); d["lgamma"].append([x, special.gammaln(x)])
json.dump(dict(meta=meta, **clean(d)), open("distributions.json", "w"), separators=(",", ":"))
print(len(cases), len(tables))
