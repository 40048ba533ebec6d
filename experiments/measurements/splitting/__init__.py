"""What splitting the inner tensors costs and saves: peak memory and time of a running network against g.

    mnv2 bench split

`rows`: what was measured. `measure`: memory and clock. `rule`: the claim `memory-split-speed`. `view`: table, figure,
verdict.
"""
