"""Sessions in order, for all cases at once: the ground that noise and episodes stand on.

A series is one rater's rating on one scale in one case with one instrument, rated sessions in order.
A change of instrument starts a new series: pct makes ranges comparable, not instruments.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from alliance_core.measures.at_once import both
from alliance_core.tables import FORMS, SCALES

SERIES_RATERS = ("client", "practitioner")
CODED = ("practitioner", "client", "rater", "instrument")


def in_key_order(forms: pd.DataFrame) -> pd.DataFrame:
    """The forms by practitioner, client, session and rater, their ids as ordered categories (fast to compare and group).

    Forms that are in this order already, as reading hands them over, are not copied. Raises ValueError when a rater has two forms for
    one session: reading settles that beforehand.
    """
    first, second = ([forms[name] for name in names] for names in (CODED[:2], CODED[2:]))
    halves = both(lambda: [category(one) for one in first], lambda: [category(one) for one in second])
    coded = dict(zip(CODED, (*halves[0], *halves[1]), strict=True))
    codes = {name: column.cat.codes.to_numpy().astype(np.int64) for name, column in coded.items()}
    case = codes["practitioner"] * len(coded["client"].cat.categories) + codes["client"]
    form = forms["session"].to_numpy(np.int64) * len(coded["rater"].cat.categories) + codes["rater"]
    result = forms.assign(**coded)
    if not _rising(case, form):
        order = np.lexsort((form, case))
        result, case, form = result.take(order), case[order], form[order]
        twice = np.flatnonzero((case[1:] == case[:-1]) & (form[1:] == form[:-1])) + 1
        if len(twice):
            line = result.iloc[twice[0]]
            raise ValueError(
                f"two forms with the same {', '.join(FORMS.keys)}, one in {line['sheet']} row {line['row']}"
            )
    return result.reset_index(drop=True)


def _rising(first: np.ndarray, second: np.ndarray) -> bool:
    """Whether each row lies after the one before, by the first number and then by the second."""
    same = first[1:] == first[:-1]
    return bool(np.all((first[1:] > first[:-1]) | (same & (second[1:] > second[:-1]))))


def category(column: pd.Series) -> pd.Series:
    """A column of texts as ordered categories."""
    codes, values = pd.factorize(column, sort=True)
    kind = pd.CategoricalDtype(pd.Series(values, dtype="str"), ordered=True)
    return pd.Series(_coded(codes, kind), index=column.index)


def case_numbers(frame: pd.DataFrame) -> np.ndarray:
    """A number from 0 for every case of a frame that is in key order, rising with practitioner and client; its column `case` where it has one."""
    if "case" in frame:
        return frame["case"].to_numpy()
    return numbered(frame["practitioner"].cat.codes.to_numpy(), frame["client"].cat.codes.to_numpy())


def cases_of(sessions: pd.DataFrame) -> pd.DataFrame:
    """Practitioner and client of every case, in key order. In: SESSIONS columns, in key order where they have the number of their `case`."""
    return numbered_cases(sessions)[0]


def numbered_cases(sessions: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """The same, and the number of each session's case, from 0 in their order."""
    keys = ["practitioner", "client"]
    if "case" in sessions:
        number = sessions["case"].to_numpy()
        return sessions[keys].take(starts(number)).reset_index(drop=True), number
    groups = sessions.groupby(keys, sort=True, observed=True)
    return groups.size().index.to_frame(index=False), groups.ngroup().to_numpy()


def key_ranks(cases: pd.DataFrame) -> np.ndarray:
    """The place, from 0, of each of these cases (practitioner, client) in order of their ids."""
    codes = [pd.factorize(cases[name], sort=True)[0] for name in ("client", "practitioner")]
    ranks = np.empty(len(cases), np.int64)
    ranks[np.lexsort(codes)] = np.arange(len(cases))
    return ranks


def cases_among(rows: pd.DataFrame, cases: pd.DataFrame) -> np.ndarray:
    """Where the case of each row, its practitioner and client, is among `cases`; −1 where it is not there."""
    if not len(rows):
        return np.zeros(0, np.int64)
    named = ["practitioner", "client"]
    known, wanted = (pd.MultiIndex.from_frame(frame[named].astype("str")) for frame in (cases, rows))
    return known.get_indexer(wanted).astype(np.int64)


def numbered(*columns: np.ndarray) -> np.ndarray:
    """A number from 0 that goes up by one wherever any of the columns changes from one row to the next."""
    changed = np.zeros(len(columns[0]), bool)
    for column in columns:
        changed[1:] |= column[1:] != column[:-1]
    return np.cumsum(changed)


def starts(number: np.ndarray) -> np.ndarray:
    """First row of each number, for numbers in order from 0."""
    begins = np.ones(len(number), bool)
    np.not_equal(number[1:], number[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def rated_series(scores: pd.DataFrame) -> pd.DataFrame:
    """Every rated session of every series, one row each.

    In: SCORES columns of `in_key_order` forms, and case (`case_numbers`). Out: practitioner, client, rater, instrument, session, facet, value
    (pct), form (row in `scores`), case (number from 0) and series (number from 0, rows of one series are neighbours). Unrated sessions have no row. Observers have no series.
    """
    case = scores["case"].to_numpy()
    instrument = scores["instrument"].cat.codes.to_numpy()
    whose = [
        np.flatnonzero((scores["rater"] == rater).to_numpy()).astype(np.int32) for rater in SERIES_RATERS
    ]
    most = len(SCALES) * sum(map(len, whose))
    form, value, lengths = np.empty(most, np.int32), np.empty(most), []
    for own in whose:
        if np.any((np.diff(instrument[own]) != 0) & (np.diff(case[own]) == 0)):
            own = own[np.lexsort((instrument[own], case[own]))]  # stable: sessions stay in order
        for scale in SCALES:
            given = scores[f"{scale}_pct"].to_numpy()[own]
            rated = np.flatnonzero(~np.isnan(given))
            rows = slice(sum(lengths), sum(lengths) + len(rated))
            whole = len(rated) == len(own)
            form[rows], value[rows] = (own, given) if whole else (own[rated], given[rated])
            lengths.append(len(rated))
    form, value = form[: sum(lengths)], value[: sum(lengths)]
    facet = np.repeat(np.tile(np.arange(len(SCALES), dtype=np.int8), len(SERIES_RATERS)), lengths)
    of_case, of_instrument = case[form], instrument[form]
    begins = np.zeros(len(form), bool)
    begins[1:] = (of_case[1:] != of_case[:-1]) | (of_instrument[1:] != of_instrument[:-1])
    first_of_scale = np.cumsum(lengths) - lengths
    begins[first_of_scale[first_of_scale < len(form)]] = True
    first = np.flatnonzero(begins)
    size = np.diff(first, append=len(form))
    columns = {name: _taken(scores[name], form) for name in ("practitioner", "client", "rater", "instrument")}
    columns |= {
        "session": _small(scores["session"].to_numpy(np.int64))[form],
        "facet": in_words(facet, SCALES),
        "value": value,
        "form": form,
        "case": of_case,
        "series": np.repeat(np.arange(len(first)), size),
    }
    return pd.DataFrame(columns, copy=False)


def _small(whole: np.ndarray) -> np.ndarray:
    """Whole numbers in half the memory, where they fit."""
    return whole.astype(np.int32) if np.abs(whole).max(initial=0) < 2**31 else whole


def in_words(codes: np.ndarray, words: Sequence[str]) -> pd.Categorical:
    """Each code as its word; −1 is missing."""
    return _coded(codes, pd.CategoricalDtype(pd.Series(list(words), dtype="str")))


def _taken(column: pd.Series, rows: np.ndarray) -> pd.Categorical:
    """The rows of a column of categories."""
    return _coded(column.cat.codes.to_numpy()[rows], column.dtype)


def _coded(codes: np.ndarray, kind: Any) -> pd.Categorical:
    """Codes that are known to fit their categories."""
    return pd.Categorical.from_codes(codes, dtype=kind, validate=False)  # type: ignore[call-overload]
