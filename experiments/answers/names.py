"""Names of files."""

import re

from analysis.arch import Variant, label


def file_name(variant: Variant) -> str:
    """The variant's label as part of a file's name: "imagenet width=0.5" as "imagenet-width-0.5"."""
    return "-".join(re.findall(r"[\w.]+", label(variant)))
