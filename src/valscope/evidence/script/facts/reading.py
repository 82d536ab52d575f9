"""What the recognisers share while facts are gathered: the events, networks, feeds and ways found so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from valscope.evidence.script.build.networks import Networks
from valscope.evidence.script.facts.feeds import feed_of
from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Items, Operation, Value
from valscope.evidence.script.flow.world import Setting, World
from valscope.evidence.script.way.trail import Trail
from valscope.evidence.script.way.walker import Walker
from valscope.nouns.script import Feed, InputPath, Use


@dataclass(eq=False)
class Reading:
    """Shared state; positions in its lists are what the facts refer to."""

    world: World
    walker: Walker
    networks: Networks
    feeds: list[Feed] = field(default_factory=list)
    paths: list[InputPath] = field(default_factory=list)
    predictions: list[Call] = field(default_factory=list)
    _feed_at: dict[int, int] = field(default_factory=dict)

    @cached_property
    def calls(self) -> list[Call]:
        """Calls that the text makes, in order, each once for each time its line was read."""
        return [event for event in self.world.events if isinstance(event, Call)]

    @cached_property
    def settings(self) -> list[Setting]:
        """Assignments to attributes."""
        return [event for event in self.world.events if isinstance(event, Setting)]

    @cached_property
    def operations(self) -> list[Operation]:
        """Operators and conditions."""
        return [event for event in self.world.events if isinstance(event, Operation)]

    def methods(self, *names: str) -> list[Call]:
        """Calls of these methods."""
        return [c for c in self.calls if isinstance(c.function, Attribute) and c.function.name in names]

    def feed(self, value: Value | None, use: Use) -> int | None:
        """Position of the feed that a value is, None for anything else."""
        if value is None:
            return None
        trail = self.walker.follow(value)
        if trail.feed is None:
            return None
        if id(trail.feed) not in self._feed_at:
            if use == "predict" and last_name(getattr(trail.feed, "function", None)) == "DataLoader":
                use = use_by_name(trail.feed)  # a torch loop looks the same for validation and test
            feed = feed_of(value, self.walker, use)
            if feed is None:
                return None
            same = [
                n
                for n, known in enumerate(self.feeds)
                if known.source == feed.source and known.name == feed.name
            ]
            self._feed_at[id(trail.feed)] = same[0] if same else len(self.feeds)
            if not same:
                self.feeds.append(feed)
        return self._feed_at[id(trail.feed)]

    def path(self, value: Value | None, use: Use, call: Call, network: int | None) -> int | None:
        """Position of the way of these images into a network; None where there is no value."""
        if value is None:
            return None
        images = (
            value.items[0] if isinstance(value, Items) and value.kind == "tuple" and value.items else value
        )
        trail = self.walker.follow(images)
        made = _path(trail, use, call, network, self.feed(images, use))
        if made not in self.paths:
            self.paths.append(made)
        return self.paths.index(made)


def _path(trail: Trail, use: Use, call: Call, network: int | None, feed: int | None) -> InputPath:
    scaling = trail.scaling
    affine = scaling.named is None and (trail.traced or scaling.touched)
    return InputPath(
        use,
        trail.scale,
        call.source,
        factor=scaling.factor if affine else None,
        offset=scaling.offset if affine else None,
        steps=trail.steps,
        traced=trail.traced,
        reader=trail.reader,
        order=trail.order,
        colour=trail.colour,
        size=trail.size,
        kernel=trail.kernel,
        network=network,
        feed=feed,
    )


def use_by_name(call: Value) -> Use:
    """From the subset, else from the names of variable and folder."""
    made = call if isinstance(call, Call) else None
    subset = constant(made.argument(None, "subset")) if made is not None else None
    given = made.argument(0, "directory", "dataset") if made is not None else None
    words = [*call.names, str(constant(given) or ""), *(given.names if given is not None else [])]
    words = [str(subset)] if subset else words
    told: list[tuple[str, Use]] = [("val", "validation"), ("train", "train"), ("test", "test")]
    for word, use in told:
        if any(word in given.lower() for given in words):
            return use
    return "unknown"
