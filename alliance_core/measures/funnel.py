"""Funnel limits: how far a practitioner's mean may lie from that of all by chance alone, given the number of clients.

A funnel orders nobody. Outside the limits is a reason to look at the caseload, not a verdict on the person.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import TIE
from alliance_core.settings import PractitionerSettings

LIMITS = ["outer_low", "inner_low", "inner_high", "outer_high"]


def overdispersion(own: np.ndarray, size: np.ndarray, mean: float, within: float, share: float) -> float:
    """φ: by how much the means vary more than chance alone explains; 1 where they do not (Spiegelhalter 2005, multiplicative form).

    `own` means of `size` clients each, `within` σ². z_j = (own − mean)/√(σ²/n_j), winsorised: the lowest and the highest `share`
    of them are drawn in to the quantiles there, so that the very practitioners one looks for do not widen the limits. φ = mean z², never below 1.
    """
    z = (own - mean) / np.sqrt(within / size)
    low, high = np.quantile(z, [share, 1 - share])
    return max(1.0, float(np.mean(np.clip(z, low, high) ** 2)))


def limits(
    size: np.ndarray, mean: float, within: float, overdispersed: float, settings: PractitionerSettings
) -> pd.DataFrame:
    """Inner and outer limits for means of `size` clients: mean ± multiple·√(φ·σ²/n), pct. Columns: outer_low, inner_low, inner_high, outer_high."""
    error = np.sqrt(overdispersed * within / size)
    inner, outer = settings.funnel_inner * error, settings.funnel_outer * error
    return pd.DataFrame(
        {
            "outer_low": mean - outer,
            "inner_low": mean - inner,
            "inner_high": mean + inner,
            "outer_high": mean + outer,
        }
    )


def place(own: np.ndarray, drawn: pd.DataFrame) -> np.ndarray:
    """Where each mean lies: inside (a limit itself belongs inside), between the limits, or outside both."""
    limit = {name: drawn[name].to_numpy() for name in LIMITS}
    beyond_inner = (own < limit["inner_low"] - TIE) | (own > limit["inner_high"] + TIE)
    beyond_outer = (own < limit["outer_low"] - TIE) | (own > limit["outer_high"] + TIE)
    return np.select([beyond_outer, beyond_inner], ["outside", "between"], default="inside").astype(str)
