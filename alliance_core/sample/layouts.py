"""The same simulated ratings in each layout that people's exports have."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from alliance_core.instruments import instruments
from alliance_core.reports.sheets_out import write_workbook
from alliance_core.sample.model import INSTRUMENT, Simulation
from alliance_core.tables import FACETS, SCALES

LAYOUTS = ("long-scores", "long-items", "paired", "paired-items", "two-sheets")

MOST_ROWS = 1_048_575  # of an .xlsx sheet, below its headers

_KEYS = {"practitioner": "Therapist", "client": "Client", "session": "Session", "date": "Date"}
_RATERS = {"client": "Client", "practitioner": "Therapist"}
_ITEMS = [f"item_{i}" for i in range(1, instruments()[INSTRUMENT].items + 1)]
_MARKER_HEADERS = {
    "practitioner": "Therapist",
    "client": "Client",
    "session": "Session",
    "kind": "Kind",
    "marker": "Marker",
    "significance": "Significance",
    "resolution": "Resolution",
    "noted_by": "Noted by",
    "note": "Note",
}
_CASE_HEADERS = {
    "practitioner": "Therapist",
    "client": "Client",
    "team": "Team",
    "approach": "Approach",
    "started": "Started",
    "closed": "Closed",
}


class SampleError(ValueError):
    """A sample that cannot be written as asked. The message says what would be accepted."""


def arranged(made: Simulation, layout: str) -> dict[str, pd.DataFrame]:
    """The ratings as sheets, by sheet name, in one of LAYOUTS.

    Layouts with scores hold means of the answered items, the instrument's id and how many items
    were answered; a score with too few answered items is empty, as it would be from the items.
    A missed form is no row, or empty cells beside the other rater's. Raises SampleError.
    """
    keys = list(_KEYS)
    forms = made.forms
    if layout == "long-items":
        return {"Ratings": _long(forms[[*keys, "rater", *_ITEMS]].rename(columns=_item_headers("Item ")))}
    if layout == "two-sheets":
        return {
            f"{name} ratings": _long(
                forms.loc[forms["rater"].eq(rater), [*keys, *_ITEMS]].rename(columns=_item_headers("Item "))
            )
            for rater, name in _RATERS.items()
        }
    if layout == "paired-items":
        sides = {
            rater: forms.loc[forms["rater"].eq(rater), [*keys, *_ITEMS]].rename(
                columns=_item_headers(name[0])
            )
            for rater, name in _RATERS.items()
        }
        return {"Ratings": _long(_side_by_side(sides))}
    scored = _scores(forms)
    if layout == "long-scores":
        headers = {
            "instrument": "Instrument",
            **{s: s.capitalize() for s in SCALES},
            "answered": "Items answered",
        }
        return {"Ratings": _long(scored[[*keys, "rater", *headers]].rename(columns=headers))}
    if layout == "paired":
        sides = {
            rater: scored.loc[scored["rater"].eq(rater), [*keys, "instrument", *SCALES, "answered"]].rename(
                columns={**{s: f"{name} {s}" for s in SCALES}, "answered": f"{name} items answered"}
            )
            for rater, name in _RATERS.items()
        }
        return {"Ratings": _long(_side_by_side(sides).rename(columns={"instrument": "Instrument"}))}
    raise SampleError(f"Layout {layout} is not known; accepted are {', '.join(LAYOUTS)}.")


def write_sample(made: Simulation, target: str | Path, layout: str = "long-items") -> None:
    """Write the ratings as .xlsx (with sheets markers and cases) or .csv (ratings alone).

    The same simulation gives the same bytes. Raises SampleError for another ending, an unknown
    layout, or two sheets in a .csv; OSError where the file cannot be written.
    """
    path = Path(target)
    ending = path.suffix.lower()
    sheets = arranged(made, layout)
    if ending == ".xlsx":
        longest = max(map(len, sheets.values()))
        if longest > MOST_ROWS:
            raise SampleError(
                f"{path.name}: {longest:,} rows; a sheet holds {MOST_ROWS:,}. Give a name ending in .csv."
            )
        markers = made.markers.rename(columns=_MARKER_HEADERS)
        cases = made.cases.rename(columns=_CASE_HEADERS)
        write_workbook(path, {**sheets, "markers": markers, "cases": cases})
    elif ending == ".csv" and len(sheets) == 1:
        (ratings,) = sheets.values()
        path.write_text(
            ratings.to_csv(index=False, date_format="%Y-%m-%d", float_format="%.15g", lineterminator="\n"),
            encoding="utf-8",
            newline="",
        )
    elif ending == ".csv":
        raise SampleError(f"{path.name}: layout {layout} needs two sheets; give a name ending in .xlsx.")
    else:
        raise SampleError(f"{path.name}: a sample is written as .xlsx or .csv; give a name ending so.")


def _item_headers(prefix: str) -> dict[str, str]:
    return {item: f"{prefix}{number}" for number, item in enumerate(_ITEMS, start=1)}


def _long(frame: pd.DataFrame) -> pd.DataFrame:
    named = frame.rename(columns={**_KEYS, "rater": "Rated by"})
    if "Rated by" in named.columns:
        named["Rated by"] = named["Rated by"].map(_RATERS)
    return named.reset_index(drop=True)


def _side_by_side(sides: dict[str, pd.DataFrame]) -> pd.DataFrame:
    shared = [c for c in sides["client"].columns if c in sides["practitioner"].columns]
    return sides["client"].merge(sides["practitioner"], on=shared, how="outer", sort=True)


def _scores(forms: pd.DataFrame) -> pd.DataFrame:
    """The forms with goal, task, bond, overall and the number of items answered filled in."""
    instrument = instruments()[INSTRUMENT]
    items = forms[_ITEMS]
    enough = {"overall": items.notna().sum(axis=1).ge(instrument.minimum_answered["overall"])}
    scores: dict[str, pd.Series] = {}
    for facet in FACETS:
        own = items[[f"item_{i}" for i in instrument.facets[facet]]]
        enough[facet] = own.notna().sum(axis=1).ge(instrument.minimum_answered[facet])
        enough["overall"] &= enough[facet]
        scores[facet] = own.mean(axis=1)
    scores["overall"] = items.mean(axis=1)
    return forms.assign(
        **{name: score.where(enough[name]) for name, score in scores.items()},
        answered=items.notna().sum(axis=1),
    )
