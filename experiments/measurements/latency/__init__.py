"""Does latency follow multiply-adds? The 22 published checkpoints, timed on this machine.

    mnv2 latency

`rows`: what was measured, and what follows from it. `measure`: the clock. `rule`: the claim `latency-follows-madds`.
`view`: table, figure, verdict.
"""
