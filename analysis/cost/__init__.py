"""What a Plan costs: counts and conventions, activation memory, budgets. Pure Python."""

from analysis.cost.conventions import CONVENTIONS, Item, items, printed
from analysis.cost.count import Cost, body_cost, count, operation_cost, repeated, total
from analysis.cost.training import Training, operation_training, training

__all__ = [
    "CONVENTIONS",
    "Cost",
    "Item",
    "Training",
    "body_cost",
    "count",
    "items",
    "operation_cost",
    "operation_training",
    "printed",
    "repeated",
    "total",
    "training",
]
