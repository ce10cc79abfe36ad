"""How many rows each kind of error leaves out, so that the sums agree: every row is counted once."""

from __future__ import annotations

import pandas as pd

from alliance_core.reading.one_sheet import Reading
from alliance_core.reading.problems import Problems
from alliance_core.tables import LEFT_OUT, shaped

_SHEET = ["file", "position"]


def left_out(readings: list[Reading], problems: Problems) -> pd.DataFrame:
    """LEFT_OUT: their sum is that of the rows left out.

    A row counts with the first error that names one of its cells; rows that no error names by themselves count with
    the first error of their sheet.
    """
    errors = problems.errors()
    named = errors[~errors["many"]].drop_duplicates([*_SHEET, "row"])
    first = errors.sort_values("many", ascending=False, kind="stable").drop_duplicates(_SHEET)
    lost = pd.DataFrame(
        [
            (one.sheet.file, one.sheet.position, len(one.part.bad) if one.part else one.rows_read)
            for one in readings
            if one.plan
        ],
        columns=[*_SHEET, "lost"],
    )
    sheets = lost.astype(errors.dtypes[_SHEET]).merge(first, on=_SHEET)
    by_name = named.groupby(_SHEET).size().rename("named").reset_index()
    sheets = sheets.merge(by_name.astype(errors.dtypes[_SHEET]), on=_SHEET, how="left").fillna({"named": 0})
    rest = sheets.assign(rows=sheets["lost"] - sheets["named"])
    counted = pd.concat(
        [named.assign(rows=1)[["code", "rows"]], rest.loc[rest["rows"] > 0, ["code", "rows"]]]
    )
    return shaped(counted.groupby("code", sort=True)["rows"].sum().reset_index(), LEFT_OUT)
