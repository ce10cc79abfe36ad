"""How ids and what people wrote are shown: as it stands for the supervisor's own eyes, masked in a room with a screen and on its paper."""

from __future__ import annotations

from typing import Any

import pandas as pd

from alliance_core.review.meeting import Sitting
from alliance_core.review.subjects import Subject


class Shown:
    """As it stands."""

    def case(self, practitioner: str, client: str) -> str:
        """What the case is called in keys, which the browser sees."""
        return f"{practitioner} {client}"

    def name(self, practitioner: str, client: str) -> str:
        """What the case is called for people."""
        return client

    def text(self, words: str) -> str:
        """Words that may quote what somebody wrote."""
        return words

    def decision(self, row: dict[str, Any]) -> dict[str, Any]:
        """A decision, as it is told."""
        return row

    def kept_back(self, row: dict[str, Any]) -> frozenset[str]:
        """Fields of a decision of today that are not shown and stay as they are."""
        return frozenset()

    def markers(self, markers: pd.DataFrame) -> pd.DataFrame:
        """Recorded markers, as they are told."""
        return markers

    def key(self, subject: Subject) -> str:
        """What a subject is called in keys."""
        return f"{self.case(subject.practitioner, subject.client)} {subject.session}"


class Masked(Shown):
    """As it may stand in the room of a meeting."""

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting

    def case(self, practitioner: str, client: str) -> str:
        return self._sitting.masks.cases[practitioner, client]

    def name(self, practitioner: str, client: str) -> str:
        return self.case(practitioner, client)

    def text(self, words: str) -> str:
        return self._sitting.masks.text(words)

    def decision(self, row: dict[str, Any]) -> dict[str, Any]:
        return self._sitting.in_the_room(row)

    def kept_back(self, row: dict[str, Any]) -> frozenset[str]:
        return self._sitting.kept_back(row)

    def markers(self, markers: pd.DataFrame) -> pd.DataFrame:
        return self._sitting.masks.markers(markers)


AS_IT_STANDS = Shown()
