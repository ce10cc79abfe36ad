"""The same simulated ratings in each layout that people's exports have."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from alliance_core.instruments import instruments
from alliance_core.reports import headings
from alliance_core.reports.sheets_out import write_workbook
from alliance_core.sample.model import INSTRUMENT, Simulation
from alliance_core.tables import FACETS, SCALES

LAYOUTS = (
    "long-scores",
    "long-items",
    "paired",
    "paired-items",
    "two-sheets",
    "per-practitioner",
    "per-case",
    "matrix",
    "survey",
)
MOST_SHEETS = 190  # of ratings in one workbook; with the optional sheets, reading accepts 200
MOST_COLUMNS = 1_024  # that reading accepts in a sheet

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
MOST_ROWS = 1_048_575  # of an .xlsx sheet, below its headers

_KEYS = {"practitioner": "Therapist", "client": "Client", "session": "Session", "date": "Date"}
_RATERS = {"client": "Client", "practitioner": "Therapist"}
_ITEMS = [f"item_{i}" for i in range(1, instruments()[INSTRUMENT].items + 1)]


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
    if layout in _SHEET_EACH:
        column = _SHEET_EACH[layout]
        # few answers stand on each sheet, too few to tell the instrument by: so it is named
        named = {"instrument": "Instrument", **_item_headers("Item ")}
        every = _long(forms[[*keys, "rater", *named]].rename(columns=named))
        by_name = every.groupby(_KEYS[column], sort=True)
        return {str(n): own.drop(columns=_KEYS[column]).reset_index(drop=True) for n, own in by_name}
    if layout == "survey":
        return {"Export": _survey(forms[[*keys, "rater", *_ITEMS]])}
    scored = _scores(forms)
    if layout == "matrix":
        return {"Ratings": _matrix(scored)}
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


# what the sheets' names hold, and no column does
_SHEET_EACH = {"per-practitioner": "practitioner", "per-case": "client"}


def _matrix(scored: pd.DataFrame) -> pd.DataFrame:
    """One row for each case and rater; for each session its date, scores and number of items answered."""
    fields = {"date": "date", **{s: s for s in SCALES}, "answered": "items answered"}
    case = ["practitioner", "client", "rater", "instrument"]
    wide = scored.pivot_table(
        index=case, columns="session", values=list(fields), aggfunc="first", dropna=False
    )
    sessions = sorted(scored["session"].unique().tolist())
    ordered = wide[[(field, session) for session in sessions for field in fields]]
    ordered.columns = [f"S{session} {fields[field]}" for field, session in ordered.columns]
    rows = ordered.dropna(how="all").reset_index()
    return _long(rows).rename(columns={"instrument": "Instrument"})


def _survey(forms: pd.DataFrame) -> pd.DataFrame:
    """As survey tools export it: names, question texts and ids above the answers, all of it text."""
    asked = {
        "practitioner": "Therapist code",
        "client": "Client code",
        "session": "Number of the session",
        "date": "Date of the session",
        "rater": "Are you the client or the therapist?",
        **{item: f"How far does this statement fit? - Statement {n}" for n, item in enumerate(_ITEMS, 1)},
    }
    written = forms[[*asked]].assign(
        date=forms["date"].dt.strftime("%Y-%m-%d"),
        rater=forms["rater"].map(_RATERS),
        session=forms["session"].astype("str"),
        **{item: forms[item].astype("Int64").astype("string") for item in _ITEMS},
    )
    ids = {name: f'{{"ImportId":"QID{n}"}}' for n, name in enumerate(asked, 1)}
    names = [f"Q{n}" for n in range(1, 6)] + [f"Q6_{n}" for n in range(1, len(_ITEMS) + 1)]
    rows = pd.concat([pd.DataFrame([asked, ids]), written.astype(object)], ignore_index=True)
    return rows.set_axis(names, axis="columns")


def write_sample(made: Simulation, target: str | Path, layout: str = "long-items") -> None:
    """Write the ratings as .xlsx (with sheets markers, cases, tasks and goals), or as .csv or .tsv (ratings alone).

    The same simulation gives the same bytes. Raises SampleError for another ending, an unknown
    layout, more than fits, or several sheets in a text file; OSError where the file cannot be written.
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
        _refuse_too_wide(path, sheets)
        markers = made.markers.rename(columns=headings.MARKERS)
        cases = made.cases.drop(columns="ended").rename(columns=headings.CASES)
        tasks = made.tasks.rename(columns=headings.TASKS)
        goals = made.goals.rename(columns=headings.GOALS)
        beside = {"markers": markers, "cases": cases, "tasks": tasks, "goals": goals}
        write_workbook(path, {**sheets, **beside})
    elif ending in _DELIMITERS and len(sheets) == 1:
        (ratings,) = sheets.values()
        _refuse_too_wide(path, sheets)
        path.write_text(
            ratings.to_csv(
                sep=_DELIMITERS[ending],
                index=False,
                date_format="%Y-%m-%d",
                float_format="%.15g",
                lineterminator="\n",
            ),
            encoding="utf-8",
            newline="",
        )
    elif ending in _DELIMITERS:
        many = {1: "one sheet", 2: "two sheets"}.get(len(sheets), f"{len(sheets)} sheets")
        raise SampleError(f"{path.name}: layout {layout} needs {many}; give a name ending in .xlsx.")
    else:
        raise SampleError(f"{path.name}: a sample is written as .xlsx, .csv or .tsv; give a name ending so.")


def _refuse_too_wide(path: Path, sheets: dict[str, pd.DataFrame]) -> None:
    """Raises SampleError for what our own reading would not accept."""
    widest = max(len(frame.columns) for frame in sheets.values())
    if len(sheets) > MOST_SHEETS:
        raise SampleError(
            f"{path.name}: {len(sheets):,} sheets; at most {MOST_SHEETS} are read. Ask for fewer practitioners or cases."
        )
    if widest > MOST_COLUMNS:
        raise SampleError(
            f"{path.name}: {widest:,} columns; at most {MOST_COLUMNS:,} are read. Ask for fewer sessions."
        )


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
