"""Why do shortcuts help: does another initialisation rescue a network without them?

The paper adds shortcuts so that gradients pass through many layers (section 3.3). `mnv2 gradients` measures how they
pass. If that is all that shortcuts do, a network without them should gain where its gradients pass better. Two
initialisations are tried with shortcuts between bottlenecks and without any. One is orthogonal (arXiv:1312.6120). The
other sets the scale of each block's last norm to zero (arXiv:1706.02677), so that a block with a shortcut starts as
the identity.

    mnv2 study run why-shortcuts

`mnv2 study show why-shortcuts` prints the differences between the arms. The rules were fixed in experiments/claims
before the runs. Rescued means that half of what missing shortcuts cost is gone.

Without a shortcut a zero scale can only fail, by arithmetic: the block's output is zero, a ReLU6 passes no gradient at
zero, and so no weight before the classifier's bias ever moves. No scale above zero changes what such a network computes
either, because the next norm divides it away. The arm is there to be seen, not to be learnt from.

What it does not show: one epoch of a network with 14 blocks. Initialisations that are made for networks without
shortcuts and without norms (arXiv:1901.09321) are others than these.
"""

from dataclasses import replace

from analysis.arch import preset
from analysis.tasks.recipes import recipe
from experiments.study import Study

SHORTCUTS = {"bottleneck": preset("brief"), "none": preset("brief", shortcut="none")}
INITIALISATIONS = {
    "": recipe("brief"),
    ", orthogonal": replace(recipe("brief"), name="brief-orthogonal", initialisation="orthogonal"),
    ", zero": replace(recipe("brief"), name="brief-zero", initialisation="zero_last_norm"),
}

STUDY = Study(
    name="why-shortcuts",
    question="Does another initialisation rescue a network without shortcuts?",
    source="section 3.3",
    arms={arm + how: variant for how in INITIALISATIONS for arm, variant in SHORTCUTS.items()},
    recipes={arm + how: made for how, made in INITIALISATIONS.items() for arm in SHORTCUTS},
    beside=[(f"bottleneck{how}", f"none{how}") for how in INITIALISATIONS if how != ""]
    + [("none, orthogonal", "none"), ("none, zero", "none")],
    seeds=range(20),
    looks=True,
)

FOUND = """
No. With an orthogonal start both networks are better: {bottleneck, orthogonal | mean} percent with shortcuts instead of
{bottleneck | mean}, and {none, orthogonal | mean} without instead of {none | mean}. The lead that shortcuts give stays.
Half of it less what is left with the orthogonal start is {half of (bottleneck - none) - (bottleneck - none) orthogonal}
points, where a rescue would be above zero. A last norm that starts at zero gives the network with shortcuts
{bottleneck, zero - bottleneck} points. Without shortcuts it never learns, as arithmetic says: {none, zero | mean}
percent, which is chance.

That another start is worth so much has a plain reason that was not tested here. Norms make a layer's scale irrelevant
to what it computes, but not to how far a step moves it, and orthogonal weights of a depthwise convolution are several
times smaller. At one epoch a larger step is an advantage (study learning-rate).
"""
