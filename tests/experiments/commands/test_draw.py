"""`mnv2 draw` writes figures and names the blocks that there are."""

import pytest

from analysis.problem import Problem
from experiments.commands.draw import FAMILY_BLOCKS, main


def test_the_command_writes_figures_and_names_unknown_blocks(tmp_path, capsys):
    main(families=True, results=tmp_path)
    assert sorted(path.suffix for path in (tmp_path / "figures").iterdir()) == [".pdf", ".png", ".svg"]
    assert all(title in (tmp_path / "figures" / "draw-families.svg").read_text() for title in FAMILY_BLOCKS)
    with pytest.raises(Problem, match="no block bottleneck99: the network has stem, bottleneck1"):
        main(blocks=("bottleneck99",), results=tmp_path)
