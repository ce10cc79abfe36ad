"""One line per case and one per practitioner: counts, means, gaps, episodes. Never a ranking."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import rates
from alliance_core.measures.series import cases_among, key_ranks

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

    `states` of readings.case_states, `notes` CASE_NOTES, `flags` words by case (its place in `states`), `agreed` AGREEMENT
    of the rated cases, the first ones there. `sessions` and `episodes` with the number of their case. The latest client overall is that of the last session the client rated. A case that nobody rated
    has 0 sessions.
    """
    number = np.arange(len(states))
    case, value = sessions["case"].to_numpy(), sessions["client_overall"].to_numpy()
    latest = np.full(len(states), np.nan)
    rated = np.flatnonzero(~np.isnan(value))
    last = rated[np.diff(case[rated], append=-1) != 0]
    latest[case[last]] = value[last]
    overall = (
        (episodes["facet"] == "overall") & (episodes["rater"] == "client") & (episodes["outcome"] == "open")
    )
    is_open = np.zeros(len(states), bool)
    is_open[episodes["case"].to_numpy()[overall.to_numpy()]] = True
    table = pd.concat([states[[*_CASE, "state"]], agreed[_OF_CASE].reindex(number)], axis=1).assign(
        sessions=np.bincount(case, minlength=len(states)),
        client_overall=latest,
        open_episode=pd.Series(np.where(is_open, "yes", "no"), dtype="str"),
        flags=flags.reindex(number, fill_value=""),
        paired_sessions=agreed["paired_sessions"].reindex(number, fill_value=0),
    )
    noted = notes[["team", "approach"]].reset_index(drop=True)
    of_case = cases_among(states, notes.drop_duplicates(_CASE)) if len(notes) else np.full(len(states), -1)
    first = np.append(np.flatnonzero(~notes.duplicated(_CASE).to_numpy()), -1)
    table = pd.concat([table, noted.reindex(first[of_case]).reset_index(drop=True)], axis=1)
    return table.take(np.argsort(key_ranks(states))).reset_index(drop=True)


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
