"""How long a meeting has taken, and each of its cards. No clock is read here: every moment is handed in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Timer:
    """Seconds spent. Moments are seconds of any clock that never goes back.

    `spent`: by place of the card, as far as counted; `since`: the moment from which the card at `card` goes on counting, None while it stands still.
    """

    card: int = 0
    since: float | None = None
    spent: dict[int, float] = field(default_factory=dict)

    def on_card(self, now: float, card: int | None = None) -> float:
        """Seconds on one card, or on the present one."""
        which = self.card if card is None else card
        going = now - self.since if self.since is not None and which == self.card else 0.0
        return self.spent.get(which, 0.0) + going

    def total(self, now: float) -> float:
        """Seconds on all cards."""
        going = now - self.since if self.since is not None else 0.0
        return sum(self.spent.values()) + going

    @property
    def running(self) -> bool:
        return self.since is not None

    def turned_to(self, card: int, now: float) -> Timer:
        """Counting for another card from now on; standing still where it stood still."""
        return replace(self._counted(now), card=card, since=now if self.running else None)

    def stopped(self, now: float) -> Timer:
        """Standing still."""
        return replace(self._counted(now), since=None)

    def started(self, now: float) -> Timer:
        """Counting on from now; nothing changes where it counts already."""
        return self if self.running else replace(self, since=now)

    def _counted(self, now: float) -> Timer:
        return replace(self, spent={**self.spent, self.card: self.on_card(now)})
