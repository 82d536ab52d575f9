"""Worlds: tiny trainings with a known illness, and the nearest healthy ones.

A rule file ends with two functions that return one each:

    def sick(seed: int = 0) -> World:       the illness of this rule and no other
    def healthy(seed: int = 0) -> World:    the nearest world without it; the whole diagnosis is silent about it

`seed` varies numbers, wording and the form of the log, so that a rule is examined on many worlds and not on one.
They are the rule's test, its example in `valscope rules CODE` and its demo. Nothing in a file's name or content
says what is wrong: a world is written to a folder and handed over as any user's files are.

Nothing in `valscope.worlds` is slow to import, so all of it may be imported at the top of a rule.
Worlds of text alone:

    from valscope.worlds import World, post
    from valscope.worlds.curves import learning         rows (loss, acc, val_loss, val_acc) of a training
    from valscope.worlds.logs import found, log         as Keras prints them
    from valscope.worlds.scripts import network, ...    code as users write it

    return post(found(3), log(learning(seed), seed))                 one pasted report
    return World({"train.py": network(...), "training.log": log(...)})

Worlds that are trained, in milliseconds by the NumPy network:

    from valscope.worlds import draw, spoil, trainings
    images = spoil.by_class(draw.blobs(seed, counts=(120, 80, 50)))
    return trainings.world(images, split=Split("tail", val=0.3, test=0.0, grouping="none"))

`write` trains such a world and hands over `history.csv`, `recipe.json` and `data.npz`. The two may be combined:
`files` then hold what the user would add, a script or a post. Recipes whose model is called "toy" are of the
NumPy network, all others of Keras. Where words show an illness best and a trial is possible too, a rule has besides
`sick` and `healthy` the pair `sick_training` and `healthy_training`, worlds that the lab can repeat.

Worlds of a user's own Keras scripts, really run when they are written: `World(files, images=..., runs=("train.py",))`.
"""

from valscope.worlds.world import Drawn, World, post
from valscope.worlds.write import write

__all__ = ["Drawn", "World", "post", "write"]
