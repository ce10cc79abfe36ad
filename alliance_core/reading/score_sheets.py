"""Sheets that hold one score each for the same forms: told apart by their names, joined into one form, or asked about."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pandas as pd

from alliance_core.measures import TIE
from alliance_core.reading.assembling import Part, Parts, settle_duplicates, without_rows_left_out
from alliance_core.reading.choices import comparable
from alliance_core.reading.headers import Meaning
from alliance_core.reading.named_sheets import about, score_named
from alliance_core.reading.one_sheet import Reading
from alliance_core.reading.plans import Found, Plan
from alliance_core.reading.problems import ERROR, Problems
from alliance_core.reading.sheets import Sheet
from alliance_core.tables import FACETS, FORMS, SCALES

FEWEST_SHARED = 3  # forms in two sheets from which on it is thought that the sheets hold two scores of them
SHARED = 0.5  # … and share of the smaller sheet's forms, at least
DIFFERING = 1 / 3  # … and share of the shared ones whose scores differ, at least
_DIRECT = ("facets", "total")


def family(found: Found) -> frozenset[tuple[str, ...]]:
    """What sheets for several scores of the same forms have in common: their headers, whatever the numbers in them."""
    named = (comparable(header) for header in found.headers if header)
    return frozenset(tuple(word for word in words if not word.isdecimal()) for words in named)


def name_scores(readings: Iterable[Reading], problems: Problems) -> None:
    """Sheets Goal, Task, Bond whose column is headed Total: the sheet's name counts where several scores have a sheet.

    A single one is asked about: it may hold the goal scores, or be named after something else.
    """
    families: dict[frozenset[tuple[str, ...]], list[tuple[Reading, Found, Plan, Meaning]]] = {}
    for one in readings:
        if one.body and one.found and one.plan and one.plan.kind == "forms":
            score = about(one.sheet.label, one.choices.stated_meanings())
            if one.plan.scale and score and score.field != "overall":
                families.setdefault(family(one.found), []).append((one, one.found, one.plan, score))
    for same in families.values():
        several = len({score.field for _, _, _, score in same}) > 1
        for reading, found, plan, score in same:
            if plan.scale != "overall" or any(
                at in found.said for side in plan.sides for at in side.scales.values()
            ):
                continue
            if several:
                why = "the names of several sheets with these headers say so"
                reading.plan = score_named(plan, score, why)
            else:
                _ask(
                    reading.sheet, found, plan, f"Its name says {score.field}, its header does not", problems
                )
                reading.body = None


def ask_about_unnamed(readings: Iterable[Reading], problems: Problems) -> None:
    """Sheets with the same headers and one score each for the same forms, whose names do not say which: they are asked about.

    Their rows are left out: two different scores of a form are not the same one told twice.
    """
    families: dict[frozenset[tuple[str, ...]], list[tuple[Reading, pd.Series]]] = {}
    for one in readings:
        if one.part and one.found and one.part.scale in one.part.frame:
            families.setdefault(family(one.found), []).append((one, _scores(one.part)))
    for same in families.values():
        unclear = {
            id(one): other.sheet.label
            for (first, scores), (second, others) in combinations(same, 2)
            for one, other in ((first, second), (second, first))
            if _unnamed(one) and _other_scores(scores, others)
        }
        for reading, _ in same:
            if id(reading) in unclear and reading.part and reading.found and reading.plan:
                why = f"It holds others for the forms of sheet {unclear[id(reading)]}, which has the same headers"
                _ask(reading.sheet, reading.found, reading.plan, why, problems)
                reading.part.bad |= set(reading.part.frame["_line"].tolist())


def _unnamed(reading: Reading) -> bool:
    """Whether a sheet holds an overall score only because nothing says which score it is."""
    found, plan = reading.found, reading.plan
    if not found or not plan or plan.scale != "overall":
        return False
    said = any(at in found.said for side in plan.sides for at in side.scales.values())
    return not said and about(reading.sheet.label, reading.choices.stated_meanings()) is None


def _scores(part: Part) -> pd.Series:
    """The part's only score of each form that is used, by the form's key; of forms that stand twice, the first."""
    used = part.frame.loc[~part.frame["_line"].isin(part.bad)].dropna(subset=[part.scale])
    return used.drop_duplicates(FORMS.keys).set_index(FORMS.keys)[part.scale]


def _other_scores(scores: pd.Series, others: pd.Series) -> bool:
    """Whether two sheets hold different scores of largely the same forms."""
    both = pd.concat([scores, others], axis="columns", join="inner", keys=["here", "there"])
    differs = (both["here"] - both["there"]).abs() > TIE
    enough = len(both) >= max(FEWEST_SHARED, SHARED * min(len(scores), len(others)))
    return enough and bool(differs.mean() >= DIFFERING)


def _ask(sheet: Sheet, found: Found, plan: Plan, why: str, problems: Problems) -> None:
    """Which score a sheet holds: asked, and its rows named in one error."""
    at = next(at for side in plan.sides for at in side.scales.values())
    below = sheet.columns[at].part(found.row + 1 + found.below)
    problems.ask(
        sheet,
        "score_needed",
        f"Which score does this sheet hold? {why}.",
        found.headers[at],
        SCALES,
        below.shown(),
    )
    problems.add_sheet(
        ERROR,
        sheet,
        "score_needed",
        f"It is not plain which score this sheet holds. {why}. None of its rows is used. Name the sheet after the score "
        "(Goal, Task, Bond), head the column with it, or say on the page, or in a profile, what the column holds.",
        (found.row, at),
        found.headers[at],
    )


def joined_scores(parts: Parts, forms: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Forms (with `_sheet`, `_line`) whose scores stand in several sheets, each in one row: at the place of the first.

    Rows of one key are joined where each holds another score and nothing else differs. Others stay as they are.
    """
    scales = forms["_sheet"].map({number: part.scale for number, part in parts.items()})
    mine = scales.ne("").to_numpy(bool)
    if scales.loc[mine].nunique() < 2:
        return forms
    own = forms.loc[mine].assign(_scale=scales.loc[mine])
    own = settle_duplicates(parts, own, [*FORMS.keys, "_scale"], "This score", problems)
    rows = pd.concat([without_rows_left_out(parts, forms.loc[~mine]), own], ignore_index=True)
    rows = rows.sort_values(["_sheet", "_line"], kind="stable", ignore_index=True)
    key = rows.groupby(FORMS.keys, sort=False).ngroup()
    named = rows["instrument"].where(~rows["instrument"].isin(_DIRECT))
    fits = rows["_scale"].notna().groupby(key).transform("all") & key.duplicated(keep=False)
    for column in (rows["date"], rows["range_min"], rows["range_max"], named):
        fits &= column.groupby(key).transform("nunique") <= 1
    groups = rows.loc[fits].groupby(key.loc[fits])
    form = groups.first()
    facets = form.reindex(columns=[*FACETS]).notna().any(axis=1)
    direct = pd.Series(np.where(facets, *_DIRECT), form.index, dtype="str")
    form = form.assign(instrument=named.groupby(key).first().reindex(form.index).fillna(direct))
    if "answered" in form:  # each sheet may count the answers to its own items
        least, most = groups["answered"].min(), groups["answered"].max()
        form["answered"] = form["answered"].where(least == most)
    return pd.concat([rows.loc[~fits], form], ignore_index=True).drop(columns="_scale")


def each_sheets(parts: Parts, forms: pd.DataFrame) -> pd.DataFrame:
    """Forms (with `_sheet`) once for each sheet that holds a score of them."""
    own = [
        part.frame.loc[~part.frame["_line"].isin(part.bad), FORMS.keys].assign(_sheet=number)
        for number, part in parts.items()
        if part.scale
    ]
    if len({part.scale for part in parts.values()} - {""}) < 2 or not len(forms):
        return forms
    key = forms.groupby(FORMS.keys, sort=False, as_index=False).first()
    further = pd.concat(own, ignore_index=True).merge(key.drop(columns="_sheet"), on=FORMS.keys)
    return pd.concat([forms, further], ignore_index=True).drop_duplicates([*FORMS.keys, "_sheet"])
