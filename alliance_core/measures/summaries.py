"""One line per case and one per practitioner: counts, means, gaps, episodes. Never a ranking."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import rates

_CASE = ["practitioner", "client"]
_OF_CASE = ["paired_sessions", "mean_gap", "mean_abs_gap", "gap_low", "gap_high", "congruence", "icc_a1"]
_OF_CASELOAD = [
    "mean_client_overall", "pooled_mean", "pooled_low", "pooled_high", "reliability", "loa_low", "loa_high"
]  # fmt: skip


def cases(
    sessions: pd.DataFrame,
    states: pd.DataFrame,
    notes: pd.DataFrame,
    episodes: pd.DataFrame,
    flags: pd.Series,
    agreed: pd.DataFrame,
) -> pd.DataFrame:
    """CASES columns, in order of practitioner and client.

    `states` of readings.case_states, `notes` CASE_NOTES, `flags` words by practitioner and client, `agreed` AGREEMENT
    of the rated cases. The latest client overall is that of the last session the client rated. A case that nobody rated
    has 0 sessions.
    """
    groups = sessions.groupby(_CASE, sort=True)
    table = pd.DataFrame({"sessions": groups.size(), "client_overall": groups["client_overall"].last()})
    table = table.join(agreed.set_index(_CASE)[_OF_CASE]).reset_index().astype(dict.fromkeys(_CASE, "str"))
    table = states[[*_CASE, "state"]].merge(table, on=_CASE, how="left").sort_values(_CASE, ignore_index=True)
    table = table.fillna({"sessions": 0, "paired_sessions": 0})
    table = table.merge(notes[[*_CASE, "team", "approach"]].drop_duplicates(_CASE), on=_CASE, how="left")
    overall = (
        (episodes["facet"] == "overall") & (episodes["rater"] == "client") & (episodes["outcome"] == "open")
    )
    is_open = table.merge(episodes[overall.to_numpy()][_CASE].drop_duplicates(), how="left", indicator=True)[
        "_merge"
    ]
    table["open_episode"] = np.where(is_open == "both", "yes", "no").astype(str)
    return table.merge(flags.rename("flags").reset_index(), on=_CASE, how="left").fillna({"flags": ""})


def counts(cases: pd.DataFrame, episodes: pd.DataFrame) -> pd.DataFrame:
    """What a part of the data adds to PRACTITIONERS, by practitioner: how many cases, sessions, pairs, and episodes of each kind.

    `cases`: CASES. Episodes are those of the clients' overall found in the ratings.
    """
    groups = cases.groupby("practitioner", sort=True)
    table = pd.DataFrame(
        {
            "cases": groups.size(),
            "sessions": groups["sessions"].sum(),
            "paired_sessions": groups["paired_sessions"].sum(),
        }
    )
    counted = episodes[
        (
            (episodes["rater"] == "client")
            & (episodes["facet"] == "overall")
            & (episodes["source"] == "score")
        ).to_numpy()
    ]
    by = counted["practitioner"]
    outcome, seen = counted["outcome"], counted["seen_by"]
    kinds = {
        "episodes": outcome.notna(),
        **{name: outcome == name for name in ("repaired", "strengthened", "unrepaired")},
        "open": outcome.isin(["open", "ended open"]),
        "recognised": seen == "both",
        "recognisable": seen.isin(["both", "client only"]),
    }
    for name, here in kinds.items():
        table[name] = here.groupby(by).sum().reindex(table.index, fill_value=0)
    return table


def practitioners(counted: pd.DataFrame, gaps: pd.DataFrame, loads: pd.DataFrame) -> pd.DataFrame:
    """PRACTITIONERS columns, in order of their identifier.

    `counted`: the `counts` of everybody; `gaps`: their pairs (caseloads.CaseloadSums) and `loads`: CASELOADS, of those with a rated case.
    `mean_client_overall` is the mean of the clients' own means, so that a client with many sessions does not count more;
    `mean_gap` is over all paired sessions.
    """
    table = counted.assign(mean_gap=gaps["mean"].reindex(counted.index))
    return table.join(loads.set_index("practitioner")[_OF_CASELOAD]).reset_index()


def wilson(successes: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a proportion (Wilson 1927), as proportions; 0 to 1 where there is no trial.

    >>> low, high = wilson(3, 6)
    >>> round(low, 4), round(high, 4)
    (0.1876, 0.8124)
    """
    if not 0 <= successes <= trials:
        raise ValueError("successes: a whole number from 0 to the number of trials")
    low, high = rates.wilson(np.array([successes]), np.array([trials]), level)
    return float(low[0]), float(high[0])
