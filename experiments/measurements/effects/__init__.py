"""How large are the effects of Figure 6, there and here, at each budget?

The paper's own curves show what a ReLU6 after the projection, a shortcut between expansions, and no shortcut cost at
each training step on ImageNet. Stored runs show it after each number of epochs on CIFAR-10. Both shrink with training,
so a size without a budget says little.

    mnv2 report

Nothing is trained: every stored run of the recipe `brief` at any number of epochs counts, so runs of a further budget
add points. The claim `linear-bottleneck-size` is judged by the end of the paper's own curves, and `expansion-above-one`
by the stored runs of the largest budget.
"""
