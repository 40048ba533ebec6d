"""What is shown of a network besides its accuracy: one name, unit and format for each quantity.

`analysis.cost.budget.QUANTITIES` computes the first three from a Plan, under the same keys.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """A cost of one image.

    - `label`: on the axis of a chart, where it needs its unit. `short`: in a menu, a tooltip, a heading.
    - `heading`: in a narrow column, without its unit. `unit`: of an amount, "" for a count. `mega`: of a million.
    - `form`: how Python formats an amount. `source`: how it was counted or measured.
    """

    label: str
    short: str
    heading: str
    unit: str
    mega: str
    form: str
    source: str

    def text(self, amount: float) -> str:
        """An amount with its unit: "3,157,568", "16,257,024 bytes", "3.5 ms"."""
        return f"{amount:{self.form}} {self.unit}".strip()

    @property
    def column(self) -> str:
        """Heading of a column of amounts, counts and bytes in millions: "MAdds (M)", "Pixel 1 time (ms)"."""
        return f"{self.heading} ({self.mega or self.unit})"

    def printed(self, amount: str) -> str:
        """An amount as others printed it: counts in millions ("300 M"), times in milliseconds ("75 ms")."""
        return f"{amount} {self.mega or self.unit}"


QUANTITIES = {
    "madds": Quantity(
        "multiply-adds of one image", "multiply-adds", "MAdds", "", "M", ",", "counted from the Plan, bias left out"
    ),
    "params": Quantity(
        "parameters", "parameters", "parameters", "", "M", ",", "counted from the Plan, running statistics left out"
    ),
    "memory": Quantity(
        "peak activation memory (bytes, one image, 32 bits)",
        "peak memory",
        "peak memory",
        "bytes",
        "MB",
        ",",
        "live bytes at the peak of eager inference, from the Plan",
    ),
    "folded": Quantity(
        "peak activation memory, folded (bytes, one image, 32 bits)",
        "peak memory",
        "peak memory",
        "bytes",
        "MB",
        ",",
        "live bytes at the peak with norms folded into convolutions, from the Plan",
    ),
    "pixel1": Quantity(
        "milliseconds on a Pixel 1 (CPU), as published",
        "Pixel 1 latency",
        "Pixel 1 time",
        "ms",
        "",
        ",.5g",
        "published for one large core of a Pixel 1",
    ),
    "eager": Quantity(
        "milliseconds here, torch",
        "latency here, torch",
        "eager torch",
        "ms",
        "",
        ",.5g",
        "median of interleaved turns on this machine, norms folded",
    ),
    "onnxruntime": Quantity(
        "milliseconds here, ONNX Runtime",
        "latency here, ONNX Runtime",
        "ONNX Runtime",
        "ms",
        "",
        ",.5g",
        "median of interleaved turns on this machine, norms folded",
    ),
}
