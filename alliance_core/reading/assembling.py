"""All sheets together: sessions numbered where they have no number, duplicates settled, ids compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_core.reading.alike import folded, told_apart
from alliance_core.reading.problems import ERROR, NOTE, WARNING, Problems
from alliance_core.reading.sheets import Sheet, address
from alliance_core.reading.twins import SESSION_UNKNOWN, by_date, comparable, differs_from, fates, merged_with

PLACE = {"file", "sheet", "row", "_line", "_column", "_dated", "_sheet"}


@dataclass
class Part:
    """One sheet's rows of one kind. `frame` has `_line` (row from 0 within the sheet's cells) and `_column` (from 0).

    Forms have `_dated` too: the column of their date, -1 where there is none.
    """

    sheet: Sheet
    headers: tuple[str, ...]
    shared: dict[str, int]
    frame: pd.DataFrame
    bad: set[int]
    scale: str = ""  # the score of a sheet of forms that holds no other


Parts = dict[int, Part]


def joined(parts: Parts) -> pd.DataFrame:
    """All parts' rows, those left out too, `_sheet` being the part's number, ordered by file, sheet and row."""
    frames = [part.frame.assign(_sheet=number) for number, part in parts.items()]
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]


def without_rows_left_out(parts: Parts, rows: pd.DataFrame) -> pd.DataFrame:
    """A row that is left out is left out with all its forms."""
    lost = np.zeros(len(rows), bool)
    for number, part in parts.items():
        if part.bad:
            lost |= ((rows["_sheet"] == number) & rows["_line"].isin(part.bad)).to_numpy(bool)
    return rows.loc[~lost].reset_index(drop=True) if lost.any() else rows


def leave_out(parts: Parts, rows: pd.DataFrame) -> None:
    """Mark rows (with `_sheet` and `_line`) as left out."""
    for number, lines in zip(rows["_sheet"].tolist(), rows["_line"].tolist(), strict=True):
        parts[number].bad.add(lines)


def name_rows(
    parts: Parts, rows: pd.DataFrame, severity: str, code: str, messages: list[str], problems: Problems
) -> None:
    """A problem for each row, at the row's `_column`."""
    told = np.array(messages, object)
    number, column = rows["_sheet"].to_numpy(), rows["_column"].to_numpy()
    for sheet, at in sorted(set(zip(number.tolist(), column.tolist(), strict=True))):
        here = (number == sheet) & (column == at)
        problems.add_cells(
            severity,
            parts[sheet].sheet,
            code,
            told[here],
            rows["_line"].to_numpy()[here],
            at,
            parts[sheet].headers[at],
        )


def number_sessions(parts: Parts, forms: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Sessions without a number get one by date within the case (practitioner and client), from 1.

    Rows that are left out for another reason count like others, so that a correction of theirs gives no other session
    another number. Where other forms of the case have numbers, a form takes the number of the session on its day; a
    day that no numbered form has is an error.
    """
    if not forms["session"].isna().any():
        return forms
    named = forms[["practitioner", "client"]].notna().all(axis=1).to_numpy(bool)
    case = np.where(named, forms.groupby(["practitioner", "client"], sort=False).ngroup(), -1)
    session = by_date(forms, case).where(named)
    lost = without_rows_left_out(parts, forms.loc[session.isna()])
    if len(lost):
        name_rows(parts, lost, ERROR, "session_unknown", [SESSION_UNKNOWN] * len(lost), problems)
        leave_out(parts, lost)
    return forms.assign(session=session)


def in_key_order(frame: pd.DataFrame, keys: list[str]) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Rows by key, then file, sheet and row; and a number that goes up where the key changes."""
    columns = [_rank(frame[name]) for name in keys]
    order = np.lexsort(
        (*(frame[name].to_numpy() for name in ("_column", "_line", "_sheet")), *reversed(columns))
    )
    changed = np.zeros(len(frame), bool)
    for column in columns:
        changed[1:] |= np.diff(column[order]) != 0
    in_order = bool((np.diff(order) == 1).all())  # as most exports are
    return (frame if in_order else frame.take(order)).reset_index(drop=True), np.cumsum(changed)


def _rank(column: pd.Series) -> NDArray[np.int64]:
    return pd.factorize(column, sort=True)[0].astype(np.int64)


def settle_duplicates(
    parts: Parts,
    frame: pd.DataFrame,
    keys: list[str],
    what: str,
    problems: Problems,
) -> pd.DataFrame:
    """One row a key: equal ones merged (note), empty ones give way, differing ones all left out (error).

    Rows that are left out go first, with all their forms: nothing may be merged into a form that then goes.
    """
    frame = without_rows_left_out(parts, frame)
    if not len(frame):
        return frame
    ordered, group = in_key_order(frame, keys)
    size = np.bincount(group)
    if size.max() == 1:
        return ordered
    content = [name for name in ordered.columns if name not in PLACE and name not in keys]
    many = np.flatnonzero(size[group] > 1)
    twins = ordered.take(many).reset_index(drop=True)
    own = pd.Series(group[many])
    differs, first = fates(twins[content], group[many])
    if differs.any():
        _name_differing(parts, twins.loc[differs], own.loc[differs], what, problems)
        return settle_duplicates(parts, ordered, keys, what, problems)
    _name_merged(parts, twins, own, first, what, problems)
    keep = np.ones(len(ordered), bool)
    keep[many] = first
    return ordered.loc[keep].reset_index(drop=True)


def settle_notes(
    parts: Parts,
    frame: pd.DataFrame,
    keys: list[str],
    what: str,
    problems: Problems,
    uncompared: Sequence[str] = (),
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row a key of an optional sheet, and the rows that contradict each other, with the number of their `conflict`.

    An empty cell contradicts nobody: rows that agree wherever both say something are merged into one that says all of it
    (note). Rows of a key with two different values in a column are all left out (error), but for `uncompared` columns.
    """
    frame = without_rows_left_out(parts, frame)
    if not len(frame):
        return frame, frame
    ordered, group = in_key_order(frame, keys)
    many = np.flatnonzero(np.bincount(group)[group] > 1)
    twins, own = ordered.take(many), group[many]
    content = [name for name in ordered.columns if name not in PLACE and name not in keys]
    differs = contradicting(twins[[name for name in content if name not in uncompared]], own)
    apart = twins.loc[differs].reset_index(drop=True)
    _name_differing(parts, apart, pd.Series(own[differs]), what, problems)
    merged = twins.loc[~differs].reset_index(drop=True)
    first = ~pd.Series(own[~differs]).duplicated().to_numpy()
    _name_merged(parts, merged, pd.Series(own[~differs]), first, what, problems)
    kept = completed(merged, content, own[~differs]).loc[first]
    alone = ordered.drop(index=ordered.index[many])
    used = pd.concat([alone, kept.set_axis(many[~differs][first])]).sort_index().reset_index(drop=True)
    return used, apart.assign(conflict=pd.factorize(own[differs])[0] + 1)


def contradicting(content: pd.DataFrame, group: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Per row: whether its group has two different values in any of the columns. A missing value is none."""
    if not len(content) or not len(content.columns):
        return np.zeros(len(content), bool)
    values = comparable(content).groupby(group, sort=False).transform("nunique")
    return (values > 1).any(axis=1).to_numpy(bool)


def completed(rows: pd.DataFrame, columns: list[str], group: NDArray[np.integer[Any]]) -> pd.DataFrame:
    """The rows with each missing value of these columns filled from the first of their group that has one."""
    if not columns:
        return rows
    filled = rows[columns].groupby(group, sort=False).transform("first")
    return pd.concat([rows.drop(columns=columns), filled], axis=1)


def with_cells(parts: Parts, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the address of their `_column`, as C17, in `cell`."""
    return rows.assign(cell=_cells(parts, rows)) if len(rows) else rows


def _cells(parts: Parts, rows: pd.DataFrame) -> list[str]:
    lines = zip(rows["_sheet"].tolist(), rows["_line"].tolist(), rows["_column"].tolist(), strict=True)
    return [
        address(parts[number].sheet.top + line, parts[number].sheet.left + column)
        for number, line, column in lines
    ]


def _places(parts: Parts, rows: pd.DataFrame) -> list[str]:
    sheets = [parts[number].sheet for number in rows["_sheet"].tolist()]
    return [
        f"{cell} of {sheet.label} in {sheet.file}" if sheet.name else f"{cell} of {sheet.file}"
        for cell, sheet in zip(_cells(parts, rows), sheets, strict=True)
    ]


def _name_differing(
    parts: Parts, rows: pd.DataFrame, group: pd.Series, what: str, problems: Problems
) -> None:
    if not len(rows):
        return
    places = np.array(_places(parts, rows), object)
    number = group.to_numpy()
    start = np.flatnonzero(np.diff(number, prepend=-1))
    # each points at the next of its group, the last one at the first
    after = np.arange(len(rows)) + 1
    last = np.append(start[1:], len(rows)) - 1
    after[last] = start
    told = [differs_from(what, place) for place in places[after].tolist()]
    name_rows(parts, rows, ERROR, "duplicate_differs", told, problems)
    leave_out(parts, rows)


def _name_merged(
    parts: Parts,
    twins: pd.DataFrame,
    group: pd.Series,
    first: NDArray[np.bool_],
    what: str,
    problems: Problems,
) -> None:
    extra = twins.loc[~first]
    if not len(extra):
        return
    kept = twins.loc[first]
    place = pd.Series(_places(parts, kept), index=group.loc[kept.index].to_numpy(), dtype=object)
    told = [merged_with(what, there) for there in place.loc[group.loc[extra.index]].tolist()]
    name_rows(parts, extra, NOTE, "duplicate_merged", told, problems)


def point_out_similar_ids(parts: Parts, frame: pd.DataFrame, problems: Problems) -> None:
    """Ids that differ only in case, spaces, leading zeros or characters that look alike: pointed out, not merged."""
    for name, within in (("practitioner", []), ("client", ["practitioner"])):
        looks = {one: folded(one) for one in frame[name].dropna().unique()}
        if len(set(looks.values())) == len(looks):
            continue
        first = frame.drop_duplicates([*within, name])
        outer = {one: folded(one) for one in first["practitioner"].dropna().unique()} if within else {}
        alike = first.assign(
            _folded=first[name].map(looks), _outer=first["practitioner"].map(outer) if within else ""
        ).sort_values(["_outer", "_folded", name], kind="stable")
        same = alike.duplicated(["_outer", "_folded"], keep=False) & (
            alike.groupby(["_outer", "_folded"])[name].transform("nunique") > 1
        )
        rows = alike.loc[same]
        if not len(rows):
            continue
        others = rows.groupby(["_outer", "_folded"])[name].transform(lambda ids: told_apart(list(ids)))
        rows = rows.assign(_column=[parts[sheet].shared.get(name, 0) for sheet in rows["_sheet"]])
        told = [
            f"These {name} ids differ only in case, spaces, leading zeros or characters that look alike (0 and O, 1 and l): "
            f"{ids}. They are kept apart; if they are one, write them the same way."
            for ids in others.tolist()
        ]
        name_rows(parts, rows, WARNING, "similar_ids", told, problems)
