"""Torch modules as people write them, and what distinguishes a module that was changed from one that was not."""

import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool

import torch
from torch import nn

BASE = (3 * 8 * 9 * 64 + 8 * 5, 3 * 8 * 9 + 8 + 16 + 45)  # multiply-adds for (1, 3, 8, 8), parameters


def base():
    return nn.Sequential(
        *(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU6()),
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 5)),
    )


class Holder(nn.Module):
    """Runs `base()` in its own way."""

    def __init__(self):
        super().__init__()
        self.net = base()

    def forward(self, x):
        return self.net(x)


class InferenceMode(Holder):
    @torch.inference_mode()
    def forward(self, x):
        return self.net(x)


class FrozenTrunk(Holder):
    """A trunk in inference mode, a head outside of it."""

    def forward(self, x):
        with torch.inference_mode():
            x = self.net[:4](x)
        return self.net[4:](x.clone())


class Pool(Holder):
    """Runs in a pool of threads of its own making."""

    def forward(self, x):
        with ThreadPoolExecutor(2) as pool:
            return next(pool.map(self.net, [x]))


class OldPool(Holder):
    """Keeps a pool, which has a thread already."""

    def __init__(self):
        super().__init__()
        self.pool = ThreadPoolExecutor(1)
        self.pool.submit(int).result()

    def forward(self, x):
        return self.pool.submit(self.net, x).result()


class Threads(Holder):
    """Runs in a bare thread."""

    def forward(self, x):
        found = []
        thread = threading.Thread(target=lambda: found.append(self.net(x)))
        thread.start()
        thread.join()
        return found[0]


class OwnThread(Holder):
    """Runs in a thread whose class overrides `run`."""

    def forward(self, x):
        net = self.net

        class Worker(threading.Thread):
            def run(self):
                self.found = net(x)

        worker = Worker()
        worker.start()
        worker.join()
        return worker.found


class InAPool(Holder):
    """Runs in the pool of another library."""

    def forward(self, x):
        with ThreadPool(1) as pool:
            return pool.map(self.net, [x])[0]


class PlainList(nn.Module):
    """Layers in a plain list: they run, but are no submodules."""

    def __init__(self):
        super().__init__()
        self.layers = list(base())

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class PlainDict(PlainList):
    def __init__(self):
        nn.Module.__init__(self)
        self.layers = {str(place): layer for place, layer in enumerate(base())}

    def forward(self, x):
        for layer in self.layers.values():
            x = layer(x)
        return x


class Closure(nn.Module):
    """Layers that a function holds."""

    def __init__(self):
        super().__init__()
        net = base()
        self.run = lambda x: net(x)

    def forward(self, x):
        return self.run(x)


class Restless(Holder):
    """Changes whatever it may: a count, a cache, a buffer, a list, itself."""

    def __init__(self):
        super().__init__()
        self.register_buffer("calls", torch.zeros(()))
        self.count, self.cache, self.seen = 0, torch.zeros(1), []

    def forward(self, x):
        self.calls += 1
        self.count += 1
        self.cache += 1
        self.seen.append(x)
        self.made = x
        with torch.no_grad():
            self.net[0].weight.mul_(2)
        return self.net(x)


class Packed(nn.Module):
    """Weights as whole numbers with scales in buffers, as weight-only quantisers keep them."""

    def __init__(self, kind=torch.int8):
        super().__init__()
        self.register_buffer("whole", torch.zeros(4, 16, dtype=kind))
        self.register_buffer("scale", torch.ones(4, 1))

    def forward(self, x):
        return nn.functional.linear(x, self.whole.float() * self.scale)


def state(module):
    """All that counting must leave: values, modes, hooks, attributes by identity and the classes of the parts."""
    parts = list(module.modules())
    return (
        {name: value.clone() for name, value in module.state_dict().items()} if not unfilled(module) else {},
        [part.training for part in parts],
        [type(part) for part in parts],
        [{name: id(value) for name, value in vars(part).items()} for part in parts],
        [[len(value) for name, value in vars(part).items() if name.endswith("_hooks")] for part in parts],
    )


def lazy(module):
    return any(torch.nn.parameter.is_lazy(p) for p in (*module.parameters(), *module.buffers()))


def unfilled(module):
    """Whether its tensors have no values: lazy ones and those on the device meta."""
    return lazy(module) or any(p.is_meta for p in module.parameters())


def same(first, second):
    values, others = zip(first[:1], second[:1], strict=True), zip(first[1:], second[1:], strict=True)
    tensors = all(a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a) for a, b in values)
    return tensors and all(a == b for a, b in others)
