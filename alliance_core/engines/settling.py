"""Forms of many files that are about the same cases, brought together: each part gets whole cases, and each session of a rater one form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from alliance_core.reading.assembling import completed, contradicting
from alliance_core.reading.problems import ERROR, NOTE
from alliance_core.reading.workbooks import OPTIONAL
from alliance_core.tables import FORMS, PLACE, PROBLEMS, UNSETTLED, WHAT_IT_WAS_ABOUT, empty, shaped

_PLACE = ("file", "sheet", "row")
_CASE = ["practitioner", "client"]
_NOT_ANSWERS = ("date", "instrument", "range_min", "range_max", "answered")
_DECIMALS = 9  # a number that went through a spreadsheet may differ in its last bits


def settled(forms: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The forms with a number for each session, one a session and rater, and what became of the others (PROBLEMS).

    As reading does with the sheets of one file: sessions without a number are numbered by date within the case, or take the number of the session on
    their day; equal forms are one (note), one without answers gives way, and of different ones none is used (error). In: FORMS columns; an
    unknown session is missing.
    """
    forms, lost = _numbered(forms)
    forms = forms.sort_values([*FORMS.keys, *_PLACE], ignore_index=True) if _twice(forms).any() else forms
    twice = _twice(forms)
    if not twice.any():
        return forms, lost
    twins = forms[twice]
    group = twins.groupby(FORMS.keys, sort=False).ngroup()
    content = [name for name in twins.columns if name not in (*_PLACE, *FORMS.keys)]
    answers = [name for name in content if name not in _NOT_ANSWERS]
    blank = twins[answers].isna().all(axis=1)
    blank &= (~blank).groupby(group).transform("any")
    told = twins[~blank]
    decimals = dict.fromkeys(told[content].select_dtypes("float64").columns, _DECIMALS)
    different = ~told[content].round(decimals).assign(group=group[~blank]).duplicated()
    differs = group.map(different.groupby(group[~blank]).sum() > 1) & ~blank
    first = (~group[~blank].duplicated()).reindex(twins.index, fill_value=False) & ~differs
    extra = ~first & ~differs & ~group.isin(group[differs])
    problems = [lost, _told(twins, group, differs, first, extra)]
    dropped = twins.index[~first]
    return forms.drop(index=dropped).reset_index(drop=True), shaped(
        pd.concat([one for one in problems if len(one)]), PROBLEMS
    )


def _twice(forms: pd.DataFrame) -> np.ndarray:
    return forms.duplicated(FORMS.keys, keep=False).to_numpy()


def _numbered(forms: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sessions numbered by date where they have no number, and the forms that have neither (PROBLEMS)."""
    unnumbered = forms["session"].isna().to_numpy()
    if not unnumbered.any():
        return forms, shaped({}, PROBLEMS)
    case = forms.groupby(_CASE, sort=False).ngroup()
    mixed = case.isin(case[~unnumbered]).to_numpy()
    by_day = forms.groupby([case, "date"], sort=False)["session"].transform("min")
    rank = forms["date"].groupby(case).rank(method="dense").astype("Int64")
    session = forms["session"].where(~unnumbered, rank.where(~mixed, by_day))
    lost = session.isna().to_numpy()
    problems = _problems(
        forms[lost],
        ERROR,
        "session_unknown",
        "This form has a date but no session number, and no numbered session of the case is on that day; add the session's number.",
    )
    return forms.assign(session=session)[~lost].reset_index(drop=True), problems


def _told(
    twins: pd.DataFrame, group: pd.Series, differs: pd.Series, first: pd.Series, extra: pd.Series
) -> pd.DataFrame:
    row, sheet = "row " + twins["row"].astype("str") + " of ", twins["sheet"].fillna("")
    of_the_file = sheet == twins["file"].str.replace(r"\.[^.]*$", "", regex=True)  # a text file's only sheet
    place = (
        row + sheet.mask(of_the_file, "").where(of_the_file | (sheet == ""), sheet + " in ") + twins["file"]
    )
    by = place[differs].groupby(group[differs])
    after = by.shift(-1).fillna(by.transform("first"))
    there = place[first].groupby(group[first]).first()
    contradicting = "This form stands more than once with different values: here and in " + after
    merged = "This form stands here again and was merged with " + there.loc[group[extra]] + "."
    found = [
        _problems(
            twins[differs],
            ERROR,
            "duplicate_differs",
            contradicting + ". Neither is used until one of them is removed.",
        ),
        _problems(twins[extra], NOTE, "duplicate_merged", merged),
    ]
    return pd.concat([one for one in found if len(one)])


def _problems(rows: pd.DataFrame, severity: str, code: str, message: str | pd.Series) -> pd.DataFrame:
    told = {name: rows[name].array for name in _PLACE}
    words = message if isinstance(message, str) else message.array
    return shaped(
        pd.DataFrame({**told, "severity": severity, "code": code, "message": words}, index=range(len(rows))),
        PROBLEMS,
    )


def settled_notes(
    frames: Mapping[str, Sequence[pd.DataFrame]],
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """One frame for each optional sheet, from those of all files, and what is left out of them because it contradicts (PROBLEMS).

    As reading does with the sheets of one file: an empty cell contradicts nobody, rows that agree become one, and of rows that do not agree none is used.
    """
    found: dict[str, pd.DataFrame] = {}
    problems: list[pd.DataFrame] = []
    for name, (table, keys, what) in OPTIONAL.items():
        there = [one for one in frames[name] if len(one)]
        if not there:
            found[name] = empty(table)
            continue
        rows = pd.concat(there, ignore_index=True)
        rows = rows.sort_values(table.names, ignore_index=True)
        group = rows.groupby(keys, sort=False, dropna=False).ngroup().to_numpy()
        content = [one for one in table.names if one not in (*keys, *WHAT_IT_WAS_ABOUT, *PLACE)]
        differs = contradicting(rows[content], group)
        apart = rows[differs].drop_duplicates(keys)
        told = f"{what} stands more than once with different values, in several files: practitioner "
        words = (
            told
            + apart["practitioner"]
            + ", client "
            + apart["client"]
            + ". None of them is used until one is removed."
        )
        problems.append(pd.DataFrame({"severity": ERROR, "code": "duplicate_differs", "message": words}))
        agreed, number = rows[~differs].reset_index(drop=True), group[~differs]
        rest = [one for one in table.names if one not in keys]
        once = completed(agreed, rest, number)[~pd.Series(number).duplicated().to_numpy()]
        found[name] = shaped(once, table)
    unsettled = [one for one in frames["unsettled"] if len(one)]
    found["unsettled"] = shaped(pd.concat(unsettled, ignore_index=True) if unsettled else {}, UNSETTLED)
    there = [one for one in problems if len(one)]
    return found, shaped(pd.concat(there) if there else {}, PROBLEMS)
