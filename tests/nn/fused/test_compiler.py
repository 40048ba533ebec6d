"""The compiler found, the identity of what it makes, and what its products multiply."""

import pytest
from scripts import script

from analysis.nn.fused import compiler as kernels


def test_identity_of_a_library(monkeypatch):
    compiler = kernels.find_compiler()
    assert kernels.digest(compiler) == kernels.digest(compiler)
    before = kernels.digest(compiler)
    monkeypatch.setattr(kernels, "_processor", lambda: "another")
    assert kernels.digest(compiler) != before


@pytest.mark.parametrize(("macro", "type_"), [("#define __AVX512BF16__ 1", "bfloat16"), ("", "float32")])
def test_type_of_products_is_what_the_compiler_has_instructions_for(monkeypatch, tmp_path, macro, type_):
    kernels.products.cache_clear()
    monkeypatch.setenv("CXX", script(tmp_path / "cc", f"echo '{macro}'"))
    assert kernels.products() == type_
    assert kernels.products("float64") == "float64"
    kernels.products.cache_clear()


def test_a_compiler_may_carry_flags(monkeypatch, tmp_path):
    monkeypatch.setenv("CXX", f"{script(tmp_path / 'cc', 'exit 0')} -m32")
    assert kernels.find_compiler() == [str(tmp_path / "cc"), "-m32"]
