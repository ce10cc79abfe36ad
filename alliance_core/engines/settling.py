"""Forms of many files that are about the same cases, brought together: each part gets whole cases, and each session of a rater one form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from alliance_core.reading.assembling import completed, contradicting
from alliance_core.reading.problems import ERROR, NOTE
from alliance_core.reading.twins import SESSION_UNKNOWN, by_date, differs_from, fates, merged_with
from alliance_core.reading.workbooks import OPTIONAL
from alliance_core.tables import FORMS, PLACE, PROBLEMS, UNSETTLED, WHAT_IT_WAS_ABOUT, empty, shaped

_PLACE = ("file", "sheet", "row")
_CASE = ["practitioner", "client"]


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
    content = twins[[name for name in twins.columns if name not in (*_PLACE, *FORMS.keys)]]
    differs, first = (pd.Series(one, index=twins.index) for one in fates(content, group.to_numpy()))
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
    if not forms["session"].isna().any():
        return forms, shaped({}, PROBLEMS)
    session = by_date(forms, forms.groupby(_CASE, sort=False).ngroup().to_numpy())
    lost = session.isna().to_numpy()
    problems = _problems(forms[lost], ERROR, "session_unknown", SESSION_UNKNOWN)
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
    found = [
        _problems(twins[differs], ERROR, "duplicate_differs", differs_from("This form", after)),
        _problems(twins[extra], NOTE, "duplicate_merged", merged_with("This form", there.loc[group[extra]])),
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
