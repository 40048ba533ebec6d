"""What the rules say under known truths."""

from experiments.measurements.imagenet.operating import Arguments, measure


def test_true_claims_are_supported_and_false_ones_are_not(monkeypatch):
    from experiments.measurements.imagenet import operating, rule

    monkeypatch.setattr(operating, "null_components", lambda d, n, m: float(d))
    monkeypatch.setattr(operating, "order", lambda right, values, draws: rule.Order(*_tau(right, values)))
    rows = {row[:2]: row[2:5] for row in measure(Arguments(20)).rows}
    assert rows["figure7-initial", "spread 1 times that of coins, seeds differ by 3 %"][0] > 0.9
    assert rows["figure7-initial", "spread 1.6 times that of coins, seeds differ by 3 %"][1] > 0.9
    assert rows["figure7-trained", "half positive, spread doubled, 3 layers below in both"][1] == 1
    assert rows["relu6-low-precision", "ReLU loses 5 points more, networks differ by 1.5"][0] > 0.8
    assert rows["relu6-low-precision", "ReLU loses -3 points more, networks differ by 1.5"][0] == 0
    assert rows["table4-accuracy", "reversed"][1] == 1
    assert all(abs(sum(shares) - 1) < 1e-9 for shares in rows.values())


def _tau(right, values):
    from scipy.stats import kendalltau

    tau = float(kendalltau(right.sum(1), values).statistic)
    return tau, tau, tau, len(values)
