"""Tasks and goals over a caseload, and over all of them: counts, means of clients, shares of cases with their intervals.

The unit is the client: a client with many tasks counts no more than one with few, and an interval is over clients. It
describes these cases and orders nobody.
"""

from __future__ import annotations

import pandas as pd

from alliance_core.measures.agreement import interval_half_width
from alliance_core.measures.summaries import wilson
from alliance_core.settings import Settings
from alliance_core.work_tables import ANY, COUNTED

_EVERYBODY = ""  # no id is empty


def _with_everybody(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of each caseload, and all rows once more as one caseload."""
    return pd.concat([frame, frame.assign(practitioner=_EVERYBODY)], ignore_index=True)


def _means(values: pd.Series, groups: list[pd.Series], name: str, settings: Settings) -> pd.DataFrame:
    """Of one value a client: {name} (mean), {name}_n (clients with a value), {name}_low and _high (t-interval); from enough clients on."""
    by = values.groupby(groups, sort=True)
    n, mean = by.count(), by.mean()
    half = interval_half_width(by.std(), n, settings.agreement.interval_level)
    enough = n >= settings.practitioners.name_from
    columns = {"": mean.where(enough), "_low": (mean - half).where(enough).clip(lower=0)}
    columns |= {"_high": (mean + half).where(enough).clip(upper=10), "_n": n}
    return pd.DataFrame({f"{name}{ending}": column for ending, column in columns.items()})


def kinds(task_kinds: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """CASELOAD_KINDS columns, in key order. In: TASK_KINDS columns."""
    rows = _with_everybody(task_kinds)
    groups = [rows["practitioner"], rows["kind"]]
    counted = ["tasks", "times_set", *(f"{what}_{word}" for what, words in COUNTED.items() for word in words)]
    by = rows.groupby(groups, sort=True)
    table = by[counted].sum().assign(cases=by.size())
    for side in ("client", "practitioner"):
        name = f"{side}_relevance"
        table = table.join(_means(rows[name], groups, name, settings))
    return table.reset_index()


def goals(case_goals: pd.DataFrame, sessions: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """CASELOAD_GOALS columns, in key order. In: CASE_GOALS and GOAL_SESSIONS columns; each client's latest agreement counts once."""
    case = ["practitioner", "client"]
    cases = _with_everybody(sessions.groupby(case, sort=True)["agreement"].last().reset_index())
    groups = [cases["practitioner"]]
    table = pd.DataFrame({"cases": cases.groupby(groups, sort=True).size()})
    named = _with_everybody(case_goals)
    counts = {"goals": named["named_by"].notna()}
    counts |= {f"named_by_{who}": named["named_by"] == who for who in ("both", "client", "practitioner")}
    for name, here in counts.items():
        table[name] = here.groupby(named["practitioner"]).sum().reindex(table.index, fill_value=0)
    return table.join(_means(cases["agreement"], groups, "agreement", settings)).reset_index()


def readings(found: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """CASELOAD_READINGS columns, in key order: each reading, and any of them. In: READINGS columns.

    Cases that could not be decided are in neither number.
    """
    yes = found.assign(raised=found["raised"] == "yes")[["practitioner", "client", "reading", "raised"]]
    any_of_them = yes.groupby(["practitioner", "client"], sort=True)["raised"].any().reset_index()
    rows = _with_everybody(pd.concat([yes, any_of_them.assign(reading=ANY)], ignore_index=True))
    by = rows.groupby(["practitioner", "reading"], sort=True)["raised"]
    table = pd.DataFrame({"raised": by.sum(), "judged": by.size()}).reset_index()
    shares = [
        wilson(count, of, settings.agreement.interval_level)
        for count, of in zip(table["raised"].tolist(), table["judged"].tolist(), strict=True)
    ]
    return table.assign(low=[low for low, _ in shares], high=[high for _, high in shares])
