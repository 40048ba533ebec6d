"""Do the fused kernels train as torch's own operators do?

They keep maps in bfloat16 and sum in another order, so a run comes out otherwise with each. The question is whether
networks come out better or worse. Each arm of the headline study (linear and ReLU6 projections, the three placements
of the shortcut) is trained with both, with the same seeds.

    mnv2 backends

Trials of one epoch, forecast by `--dry-run`. Kernels that multiply otherwise (`analysis.nn.fused.compiler.products`:
float32 vectors or pairs of bfloat16, by processor) are other kernels: each has a comparison of its own, with the same
eager runs.

`rule`: when a difference counts as none. `measure`: the runs. `rows`: those that are stored. `view`: table, verdicts.
"""
