"""What a Plan costs: counts and conventions, activation memory, budgets. Pure Python."""

from analysis.cost.count import Cost, body_cost, count, operation_cost, total

__all__ = ["Cost", "body_cost", "count", "operation_cost", "total"]
