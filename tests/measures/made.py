"""Small made-up data for the tests of measures: plain dicts for the oracle, and the same as Ratings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, Phase, settings

from alliance_core.settings import NoiseSettings, Settings
from alliance_core.tables import CASE_NOTES, FORMS, GOALS, MARKERS, MAX_ITEMS, SCALES, TASKS, Ratings, shaped

# σ is 10 pct points whatever the data: 20·√(1 − .75).
TEN = Settings(
    noise=NoiseSettings(min_differences=10**6, min_scores=10**6, fallback_sd=20, dependability=0.75)
)


def repeatable(examples):
    """The same examples in every run. Shrinking one of these takes minutes: add Phase.shrink when it is wanted."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def form(practitioner, client, session, rater, *, given=None, items=None, **more):
    """One form; scores or answers that are not given are missing. Instrument `facets` on 1–5 unless said."""
    base = {
        "practitioner": practitioner,
        "client": client,
        "session": session,
        "rater": rater,
        "date": None,
        "instrument": "facets",
        "low": 1,
        "high": 5,
        "given": given or {},
        "items": items or [],
    }
    return base | more


def overall(client, values, rater="client", practitioner="P01", **more):
    """One case rated on `total`, 0–100, in sessions 1, 2, …; None is a form without an answer."""
    return [
        form(
            practitioner,
            client,
            session,
            rater,
            given={"overall": value},
            **({"instrument": "total", "low": 0, "high": 100} | more),
        )
        for session, value in enumerate(values, 1)
    ]


def ratings(forms, markers=(), notes=(), tasks=(), goals=()):
    """The same as what reading hands over, rows in the order given."""
    lines = []
    for number, one in enumerate(forms, 2):
        line = {k: one[k] for k in ("practitioner", "client", "session", "rater", "date", "instrument")}
        line |= {
            "range_min": one["low"],
            "range_max": one["high"],
            "file": "made",
            "sheet": "S",
            "row": number,
        }
        line |= {scale: one["given"].get(scale) for scale in SCALES}
        line |= {f"item_{i}": a for i, a in enumerate(one["items"], 1)}
        lines.append(line)
    columns = [*FORMS.names]
    frame = shaped(pd.DataFrame(lines, columns=columns), FORMS)
    used = max((len(one["items"]) for one in forms), default=0)
    frame = frame.drop(columns=[f"item_{i}" for i in range(used + 1, MAX_ITEMS + 1)])
    return Ratings(
        forms=frame,
        markers=table_of(markers, MARKERS),
        cases=table_of(notes, CASE_NOTES),
        tasks=table_of(tasks, TASKS),
        goals=table_of(goals, GOALS),
    )


def table_of(rows, table):
    """Dicts as the table's frame; columns that are not given are missing."""
    return shaped(pd.DataFrame(list(rows), columns=table.names), table)


def task(client, session, name, practitioner="P01", **more):
    return {"practitioner": practitioner, "client": client, "session": session, "task": name, **more}


def goal(client, session, mine=None, theirs=None, agreement=None, practitioner="P01"):
    """`mine` are the client's words, `theirs` the practitioner's."""
    words = {"client_goal": mine, "practitioner_goal": theirs}
    return {
        "practitioner": practitioner,
        "client": client,
        "session": session,
        **words,
        "agreement": agreement,
    }


def marker(practitioner, client, session, kind, significance):
    return {
        "practitioner": practitioner,
        "client": client,
        "session": session,
        "kind": kind,
        "marker": "denial" if kind == "withdrawal" else "defends self",
        "significance": significance,
    }


def plain(value):
    """A cell as the oracle would hold it: None for every way of being missing."""
    if value is None or value is pd.NaT or value is pd.NA or value != value or value == "":
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value


def records(frame):
    return [{name: plain(cell) for name, cell in row.items()} for row in frame.to_dict("records")]


def series_rows(many):
    """Rows as series.rated_series gives them, for bare lists of values, one case each."""
    lengths = [len(values) for values in many]
    number = np.repeat(np.arange(len(many)), lengths)
    return pd.DataFrame(
        {
            "practitioner": "P01",
            "client": [f"C-{n:03}" for n in number],
            "rater": "client",
            "facet": "overall",
            "session": np.concatenate([np.arange(1, n + 1) for n in lengths]),
            "value": np.concatenate([np.asarray(values, float) for values in many]),
            "case": number,
            "series": number,
        }
    )
