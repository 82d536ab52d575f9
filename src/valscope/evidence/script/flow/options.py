"""Options of a command line: what they are where nothing is written behind the script's name."""

from __future__ import annotations

from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Value
from valscope.evidence.script.flow.world import World

_READS = frozenset({"parse_args", "parse_known_args"})


def defaults_of(call: Call, world: World) -> dict[str, Value]:
    """Defaults of the options of the parser whose `parse_args` this is: numbers and texts. Switches stay open: which
    way they stood is not known."""
    function = call.function
    if not isinstance(function, Attribute) or function.name not in _READS:
        return {}
    found: dict[str, Value] = {}
    for event in world.events:
        if not isinstance(event, Call) or last_name(event.function) != "add_argument":
            continue
        default = event.keywords.get("default")
        plain = constant(default)
        if default is not None and isinstance(plain, int | float | str) and not isinstance(plain, bool):
            found[_name(event)] = default
    return found


def _name(call: Call) -> str:
    """The attribute that an option becomes: "--batch-size" is `batch_size`."""
    given = [str(constant(argument) or "") for argument in (call.keywords.get("dest"), *call.arguments)]
    named = next((word for word in given if word and not word.startswith("-")), None)
    long = next((word for word in given if word.startswith("--")), given[-1])
    return named or long.lstrip("-").replace("-", "_")
