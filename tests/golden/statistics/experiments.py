"""Generates experiments-generated.json: proportions, corrections, McNemar with bounds, paired t and DeLong, compared by ExperimentTests and GateTests.

Run: python3 experiments.py   (Debian: apt-get install python3-scipy python3-statsmodels)
DeLong is computed from its definition, by comparing all pairs; McNemar's bounds by maximising the likelihood and searching the root.
"""
import json, math, random, warnings
import numpy as np, scipy, statsmodels
from scipy import optimize, stats
from statsmodels.stats.proportion import proportions_ztest, proportion_confint
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.contingency_tables import mcnemar
warnings.simplefilter("ignore")
random.seed(5)
proportions, corrections, pairs, tests, auc, srm = [], [], [], [], [], []
for i in range(220):
    n1, n2 = random.choice([10, 40, 300, 5000, 200000]), random.choice([10, 40, 300, 5000, 200000])
    x1, x2 = random.randint(0, n1), random.randint(0, n2)
    if i % 2: p = random.random() ** 3; x1, x2 = min(n1, int(n1 * p)), min(n2, int(n2 * p * random.uniform(0.7, 1.3)))
    z, p = proportions_ztest([x1, x2], [n1, n2])
    w = proportion_confint(x1, n1, method="wilson"); b = proportion_confint(x1, n1, method="beta")
    proportions.append(dict(x=[x1, n1, x2, n2], z=float(z), p=float(p), wilson=[float(v) for v in w], beta=[float(v) for v in b]) if math.isfinite(z) else dict(x=[x1, n1, x2, n2], wilson=[float(v) for v in w], beta=[float(v) for v in b]))
    m = random.choice([1, 2, 5, 20, 100]); ps = [random.random() ** random.choice([1, 4]) for _ in range(m)]
    if i % 5 == 0: ps = [round(v, 1) for v in ps]
    corrections.append(dict(p=ps, **{k: [float(v) for v in multipletests(ps, method=k)[1]] for k in ["bonferroni", "holm", "fdr_bh", "fdr_by"]}))
    b, c = random.randint(0, 60), random.randint(0, 60)
    pairs.append([b, c, float(mcnemar([[5, b], [c, 7]], exact=True).pvalue)])
    n = random.choice([2, 3, 10, 200]); x = [round(random.gauss(0, 1), 3) for _ in range(n)]; y = [round(v + random.gauss(0.1, 0.5), 3) for v in x]
    t = stats.ttest_rel(x, y); tests.append(dict(x=x, y=y, t=float(t[0]), p=float(t[1])))
    k = [random.randint(0, 1000), random.randint(1, 1000), random.randint(1, 1000)]; e = [1, 2, 1]; f = [sum(k) * v / 4 for v in e]
    s = stats.chisquare(k, f); srm.append([k, e, float(s[0]), float(s[1])])
    if i < 200:
        n = random.choice([6, 12, 40]); lab = [1, 1, 0, 0] + [random.randint(0, 1) for _ in range(n - 4)]
        s1 = [round(random.gauss(l, 1), 1) for l in lab]; s2 = [round(random.gauss(l * 0.5, 1), 1) for l in lab]
        def comp(s):
            P = [v for v, l in zip(s, lab) if l]; N = [v for v, l in zip(s, lab) if not l]
            psi = lambda a, b: 1.0 if a > b else 0.5 if a == b else 0.0
            return np.array([np.mean([psi(a, b) for b in N]) for a in P]), np.array([np.mean([psi(a, b) for a in P]) for b in N])
        (p1, q1), (p2, q2) = comp(s1), comp(s2)
        S10, S01 = np.cov(np.array([p1, p2])), np.cov(np.array([q1, q2]))
        S = S10 / len(p1) + S01 / len(q1); var = S[0, 0] + S[1, 1] - 2 * S[0, 1]; d = float(p1.mean() - p2.mean())
        auc.append(dict(labels=lab, s1=s1, s2=s2, auc=float(p1.mean()), se=float(math.sqrt(S[0, 0])), d=d, var=float(var)))

def lower(b, c, n, alpha):
    """Tango's corrected score bound of the accuracies' difference: the shares p (only the first right) and p - delta (only the second) are those of the largest likelihood."""
    def corrected(delta):
        from_, to = max(delta, 0), (1 + delta) / 2
        slope = lambda p: (b / max(p, 1e-300) if b else 0) + (c / max(p - delta, 1e-300) if c else 0) - (2 * (n - b - c) / max(1 - 2 * p + delta, 1e-300) if n > b + c else 0)
        tiny = 1e-13 * (to - from_)
        p = from_ if slope(from_ + tiny) <= 0 else to if slope(to - tiny) >= 0 else optimize.brentq(slope, from_ + tiny, to - tiny, xtol=1e-15, rtol=1e-14)
        variance = n * (2 * p - delta - delta * delta)
        return b - c - n * delta - 1 - stats.norm.isf(alpha) * math.sqrt(max(0, variance))
    return optimize.brentq(corrected, -1 + 1e-12, (b - c) / n, xtol=1e-14) if corrected(-1 + 1e-12) > 0 else -1.0

rng = random.Random(6); paired_accuracy = []
for i in range(240):
    n = rng.choice([5, 20, 100, 1000, 50000]); b = rng.randint(0, n // rng.choice([2, 5, 20])); c = rng.randint(0, n // rng.choice([2, 5, 20])); alpha = rng.choice([0.001, 0.025, 0.05, 0.25])
    paired_accuracy.append([b, c, n, alpha, lower(b, c, n, alpha), -lower(c, b, n, alpha)])
json.dump(dict(meta=dict(scipy=scipy.__version__, statsmodels=statsmodels.__version__, script="experiments.py"), proportions=proportions, corrections=corrections, mcnemar=pairs, paired=tests, auc=auc, srm=srm, paired_accuracy=paired_accuracy), open("experiments-generated.json", "w"), separators=(",", ":"))
