"""The tokens of lines that Keras `fit` prints."""

from __future__ import annotations

import re

from valscope.evidence.logs.bars import Style
from valscope.evidence.logs.number import NUMBER

_NEXT = r"(?=Epoch\s*\d+\s*/\s*\d+|\b\d+/\d+\s\[|$)"
_MEANS_EVENT = r"(?=.{0,300}?(?:improve|saving|educ|early|earning\s?[Rr]ate|[Tt]erminat|estor))"
_STUCK = r"(?=\s*(?:\[|━|-\s*\d+s))"
TOKEN = re.compile(
    rf"""
    (?P<event>Epoch\s+0*\d+\s*:\s(?!\d){_MEANS_EVENT}.*?{_NEXT} | Restor(?:ing|ed)\smodel\sweights.*?{_NEXT})
  | (?P<opening>Train(?:ed)?\son\s[\d,.]+\ssamples.*?(?=Epoch\s*\d+\s*/|$))
  | (?P<eval>Eval\sbegin)
  | (?P<epoch>Epoch\s*(?P<number>\d+)\s*/\s*(?P<total>\d+)(?:/(?P<glued>\d+){_STUCK})?)
  | (?P<bar>(?P<at>\d{{1,9}})/(?P<of>\d{{1,9}}|Unknown|None)\s*
        (?:\[[=>.\s…*]*(?:\]|$)|(?P<heavy>[━─]+)|(?P<bare>(?=-\s\d+s\b))|[^\x00-\x7f]{{5,}}|\?{{5,}}
            |\S{{0,120}}(?=\s*\d+s\s\d+[mu]?s/step))
        (?:\s*-(?=\s*\d+s\b))?)
  | (?P<dash>(?:^\s*(?:[-•*·>#]\s*)*|(?<=\d)\s*-\s*)(?=\d+s(?:\s[\d.]+[um]?s/\w+)?\s*-\s*\w+:))
  | (?P<eta>ETA:\s*[\d:]+s?)
  | (?P<pace>\b\d{{1,9}}(?:\.\d+)?[um]?s/epoch)
  | (?P<each>\b(?P<per>\d{{1,9}}(?:\.\d+)?)(?P<unit>us|µs|ms|s)/(?P<what>step|sample))
  | (?P<time>\b(?P<s>\d{{1,9}})s\b(?!/))
  | (?P<pair>(?P<name>(?<![^\W\d])[^\W\d]\w{{0,80}})\s?:\s*(?P<value>{NUMBER})(?:/(?P<stuck>\d+){_STUCK})?)
    """,
    re.VERBOSE,
)
# A progress bar that is not full: nothing in it is an epoch's figure, so it is not taken apart.
MIDWAY = re.compile(
    r"\s*(\d+)/(\d+)\s*(?:\[=*>?\.*\]|━+)\s*(?:- )?(?:ETA: [\d:]+s?|[\d:]+s?(?: \d+[um]?s/step)?)?(?: - \w+: [^ ]+)*\s*"
)
# What a line must hold to be taken apart.
SIGNS = re.compile(r"/|\ds - |Epoch|model weights|Eval begin| samples")
# Tokens that make a line a line of a Keras log.
OPENERS = frozenset(("event", "opening", "epoch", "bar", "dash", "eval"))


def style_of(bar: re.Match[str]) -> Style:
    """How the bar is drawn."""
    if bar["heavy"]:
        return "━"
    return "=" if bar["bare"] is None else "dash"
