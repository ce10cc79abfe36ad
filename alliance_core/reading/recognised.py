"""What was recognised in each sheet, in words, and the sum that must come out: read = used + left out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from alliance_core.reading.one_sheet import WORKED_OUT, Reading
from alliance_core.tables import RECOGNISED, shaped

AS_IN_THE_SHEET, BY_DATE = "as in the sheet", "by date"  # where the numbers of sessions are from

_OF_FORMS = ["practitioner", "client", "session", "rater", "date"]  # what is told of a sheet's forms


def recognised(readings: list[Reading], forms: pd.DataFrame) -> pd.DataFrame:
    """RECOGNISED, one row for each sheet. `forms` are the rows used, with `_sheet`, the reading's number, in it."""
    if not readings:
        return shaped({}, RECOGNISED)
    return shaped(
        pd.DataFrame([_line(number, reading, forms) for number, reading in enumerate(readings)]), RECOGNISED
    )


def _line(number: int, reading: Reading, forms: pd.DataFrame) -> dict[str, Any]:
    sheet, plan, found = reading.sheet, reading.plan, reading.found
    line: dict[str, Any] = {
        "file": sheet.file,
        "sheet": sheet.label,
        "layout": "not recognised",
        "rows_read": 0,
        "rows_used": 0,
        "rows_left_out": 0,
        "forms": 0,
        "sessions": 0,
    }
    if plan is None or found is None:
        kinds = ((WORKED_OUT, reading.worked_out), ("help", reading.help), ("ignored", reading.ignored))
        layout = next((name for name, so in kinds if so), line["layout"])
        return {**line, "layout": layout, "reason": "; ".join(reading.reasons) or None}
    left_out = len(reading.part.bad) if reading.part else reading.rows_read
    own = (
        forms.loc[forms["_sheet"] == number, _OF_FORMS]
        if plan.kind == "forms" and len(forms)
        else forms.iloc[:0]
    )
    taken = [
        plan.told.get(at) or (str(m) if m and m.field != "ignore" else "")
        for at, m in enumerate(found.meanings)
    ]
    named = [f"{h}: {words}" for h, words in zip(found.headers, taken, strict=True) if words]
    dates = own["date"].dropna() if len(own) else pd.Series(dtype="datetime64[us]")
    return {
        **line,
        "layout": plan.layout,
        "instrument": ", ".join(reading.instruments) or None,
        "reason": "; ".join([plan.reason, *reading.reasons]),
        "header_row": sheet.top + found.row + 1,
        "columns": "; ".join(named),
        "rows_read": reading.rows_read,
        "rows_used": reading.rows_read - left_out,
        "rows_left_out": left_out,
        "forms": len(own),
        "sessions": len(own[["practitioner", "client", "session"]].drop_duplicates()) if len(own) else 0,
        "numbered": (AS_IN_THE_SHEET if plan.numbered else BY_DATE) if plan.kind == "forms" else None,
        "raters": ", ".join(sorted(own["rater"].unique())) if len(own) else None,
        "first_date": dates.min() if len(dates) else pd.NaT,
        "last_date": dates.max() if len(dates) else pd.NaT,
    }
