"""Times SciPy's two-sample functions on 28 columns of 1,000,000 and 100,000 normal values, best of one run. Debian: apt-get install python3-scipy"""
import resource, time
import numpy as np
from scipy import stats
random = np.random.default_rng(1)
reference, window = random.normal(size=(28, 1_000_000)), random.normal(size=(28, 100_000))
for name, function in [("ks_2samp", lambda a, b: stats.ks_2samp(a, b, mode="asymp")), ("wasserstein_distance", stats.wasserstein_distance)]:
    start = time.perf_counter()
    for a, b in zip(reference, window): function(a, b)
    print(f"{name}: {(time.perf_counter() - start) * 1000:.0f} ms")
print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB")
