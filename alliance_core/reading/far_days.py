"""Days that lie far from those of all other sessions: pointed out with their cells, and used as they stand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures.days import away
from alliance_core.reading.assembling import Parts, name_rows
from alliance_core.reading.problems import WARNING, Problems
from alliance_core.settings import ReadingSettings

_YEAR = 365.25  # days
_SESSION = ["practitioner", "client", "session"]


def point_out_far_days(
    parts: Parts, forms: pd.DataFrame, settings: ReadingSettings, problems: Problems
) -> None:
    """A warning at the date of each form whose day is far (`measures.days.away`); `_dated` is the column of dates.

    A day counts once for each session: forms that say the same of one session do not support each other.
    """
    days = np.unique(forms["date"].dropna().to_numpy()) if len(forms) else np.array([], "datetime64[us]")
    if not (np.diff(days) > np.timedelta64(settings.far_days, "D")).any():
        return
    once = forms.drop_duplicates([*_SESSION, "date"])[[*_SESSION, "date"]]
    far = once.assign(_away=away(once["date"].to_numpy(), settings)).dropna(subset=["_away"])
    rows = forms.merge(far, on=[*_SESSION, "date"]) if len(far) else far
    if not len(rows):
        return
    told = [
        f"The day {day} lies {_span(apart)} from the nearest other session: check the year. It is used as it stands, but a day as far as "
        "this one is not taken as the newest of these files."
        for day, apart in zip(rows["date"].dt.strftime("%Y-%m-%d"), rows["_away"].tolist(), strict=True)
    ]
    name_rows(parts, rows.assign(_column=rows["_dated"]), WARNING, "date_far", told, problems)


def _span(days: float) -> str:
    """Days in words, years where they are many.

    >>> _span(181), _span(13521)
    ('181 days', '37 years')
    """
    return f"{days:.0f} days" if days < 2 * _YEAR else f"{np.round(days / _YEAR):.0f} years"
