"""Every cost that the paper prints, recomputed. Where it does not follow, what would reproduce it."""

from experiments.audit.judge import Row
from experiments.audit.rows import audit

__all__ = ["Row", "audit"]
