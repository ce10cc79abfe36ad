"""What is varied between simulated cases: one grid to choose a rule on, another one, at other levels, to judge it on.

Sizes are in pct points, or in σ, the spread of one rating (SIGMA).
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

SIGMA = 7.5  # pct points; near what ratings on a 5-point form vary by from session to session
CEILING = 85  # a level from here on: cases differ less, as they are pressed against the top


class Cell(NamedTuple):
    """One kind of caseload.

    `unequal`: SD of the log of the cases' own spreads. `tails`: normal, t (4 degrees of freedom) or laplace. `carried`: correlation of one session's
    noise with the next. `growth`: rise over the case, pct points. `missing`: share of forms.
    """

    sessions: int
    unequal: float
    tails: str
    carried: float
    growth: float
    level: float
    missing: float


class Grid(NamedTuple):
    """Levels of every feature of `Cell`, of the ruptures planted, and the shape of growth."""

    name: str
    sessions: tuple[int, ...]
    unequal: tuple[float, ...]
    tails: tuple[str, ...]
    carried: tuple[float, ...]
    growth: tuple[float, ...]
    level: tuple[float, ...]
    missing: tuple[float, ...]
    depth: tuple[float, ...]  # σ
    length: tuple[int, ...]  # sessions at full depth; STAYS: to the end of the case
    ramp: tuple[int, ...]  # sessions over which the fall comes: 1 at once
    levels_off: bool  # growth that levels off, else the same from session to session

    def cells(self) -> list[Cell]:
        """Every combination of the features of a caseload."""
        return [
            Cell(*values)
            for values in itertools.product(
                self.sessions, self.unequal, self.tails, self.carried, self.growth, self.level, self.missing
            )
        ]


STAYS = 1000

CHOICE = Grid(
    "choice",
    sessions=(6, 12, 20, 30),
    unequal=(0.0, 0.35),
    tails=("normal", "t"),
    carried=(0.0, 0.3),
    growth=(0.0, 8.0),
    level=(70, 92),
    missing=(0.0, 0.2, 0.4),
    depth=(1.5, 2.5, 3.5),
    length=(1, 2, 4, STAYS),
    ramp=(1, 3),
    levels_off=True,
)
# Fixed before anything was run on it: other levels, another kind of tails, another shape of growth and of the fall.
HELD_OUT = Grid(
    "held out",
    sessions=(8, 12, 16, 25),
    unequal=(0.2, 0.3),
    tails=("normal", "laplace"),
    carried=(0.1, 0.25),
    growth=(4.0, 12.0),
    level=(65, 88),
    missing=(0.1, 0.3),
    depth=(2.0, 3.0),
    length=(1, 3, 5, STAYS),
    ramp=(1, 2),
    levels_off=False,
)
GRIDS = {grid.name: grid for grid in (CHOICE, HELD_OUT)}
