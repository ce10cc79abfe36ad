"""Where the rows of each key are in a frame: their beginning and end where they are neighbours, as in key order, so that finding them costs next to nothing."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd


class Places:
    """Where the rows of each key are in a frame; a key that is not there has none.

    >>> places = Places(pd.DataFrame({"client": ["C-1", "C-1", "C-2"]}), ["client"])
    >>> places.of("C-1"), places.of("C-9"), places.keys
    (slice(0, 2, None), slice(0, 0, None), ['C-1', 'C-2'])
    """

    def __init__(self, frame: pd.DataFrame, by: list[str]) -> None:
        group = frame.groupby(by, sort=False, observed=True, dropna=False).ngroup().to_numpy()
        neighbours = (group[1:] >= group[:-1]).all()
        self._order = None if neighbours else np.argsort(group, kind="stable").astype(np.int32)
        in_order = group if self._order is None else group[self._order]
        first = np.flatnonzero(np.diff(in_order, prepend=-1))
        self._ends = np.append(first, len(group))
        rows = first if self._order is None else self._order[first]
        keys = frame[by].take(rows).astype("str")
        told = (keys[name].tolist() for name in by)
        self._number: dict[Hashable, int] = {
            key: at for at, key in enumerate(zip(*told, strict=True) if len(by) > 1 else next(told))
        }

    @property
    def keys(self) -> list[Hashable]:
        """The keys, in the order in which the frame has them: one text, or several as a tuple."""
        return list(self._number)

    def of(self, key: Hashable) -> slice | np.ndarray:
        """Where the rows of this key are, for `iloc`; in the frame's order."""
        at = self._number.get(key)
        if at is None:
            return slice(0, 0)
        found = slice(int(self._ends[at]), int(self._ends[at + 1]))
        return found if self._order is None else self._order[found]
