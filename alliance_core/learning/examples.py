"""Every idea of the guide with the case that shows it most clearly.

>>> list(IDEAS)[:3]
['agreement', 'gap', 'strain']
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from alliance_core.analysis import Analysis
from alliance_core.learning import picking, telling
from alliance_core.sentences import TERMS, Row, Terms


class Group(NamedTuple):
    """Ideas that belong together, and what their pictures hold beside the two ratings: the level, the client's episodes, the markers."""

    title: str
    level: bool = False
    episodes: bool = False
    markers: bool = False


class Idea(NamedTuple):
    """One idea: its heading, the group that it is shown in, how its example is picked and what is said beside it."""

    id: str
    title: str
    group: Group
    pick: picking.Pick
    tell: telling.Tell


class Example(NamedTuple):
    """The case that shows an idea. `line`: the row that it was picked by (see `picking`). `until`: the session up to which it is shown; None: all of them."""

    idea: Idea
    practitioner: str
    client: str
    line: Row
    until: int | None

    def told(self, analysis: Analysis, terms: Terms = TERMS) -> list[str]:
        """Two or three plain sentences. `analysis`: the one that the example is from."""
        return [sentence for sentence in self.idea.tell(self.line, analysis, terms) if sentence]


_PAIR = Group("Two ratings side by side")
_FALL = Group("A fall, and what followed", level=True, episodes=True)
_SIGN = Group("A sign that somebody wrote down", episodes=True, markers=True)
_SILENT = Group("When little can be said")

IDEAS: Mapping[str, Idea] = MappingProxyType(
    {
        one.id: one
        for one in (
            Idea("agreement", "Both see it alike", _PAIR, picking.agreement, telling.agreement),
            Idea("gap", "Both see it differently", _PAIR, picking.gap, telling.gap),
            Idea("strain", "A strain", _FALL, picking.strain, telling.strain),
            Idea("repaired", "A fall that came back", _FALL, picking.repaired, telling.repaired),
            Idea("unrepaired", "A fall that did not", _FALL, picking.unrepaired, telling.unrepaired),
            Idea("blind spot", "A blind spot", _FALL, picking.blind_spot, telling.blind_spot),
            Idea("withdrawal", "A withdrawal marker", _SIGN, picking.withdrawal, telling.marker),
            Idea("confrontation", "A confrontation marker", _SIGN, picking.confrontation, telling.marker),
            Idea(
                "flat at ceiling",
                "Always the top mark",
                _SILENT,
                picking.flat_at_ceiling,
                telling.flat_at_ceiling,
            ),
            Idea("too few", "Too few ratings to say", _SILENT, picking.too_few, telling.too_few),
        )
    }
)


def examples(analysis: Analysis) -> dict[str, Example]:
    """The clearest example of each idea, by the idea's id, in the order of IDEAS; ideas that no case shows are left out.

    Same analysis, same examples. A case shows two ideas only where no other case shows the second.
    """
    found: dict[str, Example] = {}
    for idea in IDEAS.values():
        taken = {(one.practitioner, one.client) for one in found.values()}
        line = idea.pick(analysis, taken)
        if line is not None:
            until = int(line["until"]) if "until" in line else None
            found[idea.id] = Example(idea, str(line["practitioner"]), str(line["client"]), line, until)
    return found
