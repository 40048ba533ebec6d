"""Rows of gradients with values that are known."""

from experiments.measurements.gradients.rows import BLOCK, REST, SHARES, SITES, Gradient, Passed, Rows


def passed(arm, seed, share, site, span, block, rms):
    return Passed(arm, seed, share, 0, site, span, block, 256, rms, 0.25, 0.1, 2.0, 4.0, 8.0)


def rows():
    found = Rows([], [])
    for arm, sites in SITES.items():
        for seed in (0, 1):
            for share in SHARES:
                for site in sites:
                    for i in (1, 2):
                        found.passed.append(passed(arm, seed, share, site, REST, f"bottleneck{i}", 10.0**seed / i))
                    found.passed.append(passed(arm, seed, share, site, BLOCK, "bottleneck2", 3.0))
                for block, norm in (("stem", 9.0), ("bottleneck1", 6.0), ("bottleneck2", 2.0 + seed), ("head", 1.0)):
                    found.gradients.append(Gradient(arm, seed, share, block, norm))
    return found
