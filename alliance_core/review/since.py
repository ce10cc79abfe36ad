"""What has changed since the ratings were read before: sessions, falls, and who is on the agenda."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from alliance_core.analysis import Analysis
from alliance_core.measures import TIE
from alliance_core.measures.agenda_lines import first_lines
from alliance_core.review.matching import GONE as NOT_FOUND
from alliance_core.review.matching import carded, matched
from alliance_core.review.subjects import RECORDED_MARKER
from alliance_core.tables import REVIEW, shaped

_CASE = ["practitioner", "client"]
_COUNTS = ["new_sessions", "gone_sessions", "new_forms", "changed_forms"]
_RATINGS = ["client_overall", "practitioner_overall"]
CASE_COLUMNS = [*_CASE, "case", *_COUNTS, "agenda", "reason_then", "changed"]
FALL_COLUMNS = [*_CASE, "rater", "start_session", "session_then", "change", "outcome_then", "outcome_now"]
NEW, GONE, BOTH, NEITHER = "new", "gone", "both", ""
OVER = ("repaired", "strengthened", "unrepaired")


@dataclass(frozen=True)
class Since:
    """The difference between two readings.

    `cases` (CASE_COLUMNS): a row for each case of either, in key order. case: new (not there before), gone (not there now) or both. new_sessions:
    sessions that were not there before; gone_sessions: those that are not there now; new_forms: forms that came in for sessions which were there; changed_forms:
    forms whose overall rating is another one now, or is not there any more; all of them 0 for a case that is not in both. agenda: new (on today's agenda now and not before), gone, both or empty (neither);
    reason_then: the most urgent reason before. changed: anything of this, or a row of `falls`.
    `falls` (FALL_COLUMNS): a row for each change of an episode that has a card. change: new; gone (not found any more); over (it was open, and
    what followed is known now); outcome (it reads differently); deepened, shallower (by `review.changed_points` or more); moved (it begins elsewhere).
    Falls of cases that are not there now are not listed. start_session is today's, missing where it is gone; session_then the former one, missing where it is new.
    """

    cases: pd.DataFrame
    falls: pd.DataFrame

    @property
    def comparable(self) -> bool:
        """Whether any case is there in both."""
        return bool((self.cases["case"] == BOTH).any())

    def of(self, practitioner: str) -> Since:
        """The cases of one practitioner alone."""
        return Since(
            *(
                rows[(rows["practitioner"] == practitioner).to_numpy(bool)]
                for rows in (self.cases, self.falls)
            )
        )

    def case(self, practitioner: str, client: str) -> Since:
        """One case alone."""
        own = self.of(practitioner)
        return Since(*(rows[(rows["client"] == client).to_numpy(bool)] for rows in (own.cases, own.falls)))


def compared(before: Analysis, now: Analysis) -> Since:
    """What has changed from one analysis to another. Both are to be made with the same settings: another rule alone changes falls, too."""
    falls = _falls(before, now)
    keys = [one.cases[_CASE].astype("str") for one in (before, now)]
    cases = keys[0].merge(keys[1], how="outer", on=_CASE, indicator="case", sort=True)
    cases["case"] = _side(cases["case"])
    for beside in (of_sessions(before.sessions, now.sessions), _agenda(before.agenda, now.agenda)):
        cases = cases.merge(beside, how="left", on=_CASE)
    in_both = (cases["case"] == BOTH).to_numpy(bool)
    cases[_COUNTS] = cases[_COUNTS].fillna(0).astype("int64").mul(in_both, axis=0)
    cases["agenda"] = cases["agenda"].fillna(NEITHER)
    fallen = falls[_CASE].drop_duplicates().assign(_fallen=True)
    of_falls = cases[_CASE].merge(fallen, how="left", on=_CASE)["_fallen"].notna()
    own: pd.Series[bool] = (
        ~cases["case"].eq(BOTH) | (cases[_COUNTS] > 0).any(axis=1) | cases["agenda"].isin([NEW, GONE])
    )
    cases["changed"] = own.to_numpy(bool) | of_falls.to_numpy(bool)
    return Since(cases[CASE_COLUMNS], falls)


def _side(merged: pd.Series) -> pd.Series:
    """left_only, right_only and both as gone, new and both."""
    return merged.astype("str").replace({"left_only": GONE, "right_only": NEW})


def _agenda(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """agenda and reason_then of the cases on either agenda."""
    then = first_lines(before)[[*_CASE, "reason"]].rename(columns={"reason": "reason_then"})
    found = then.merge(first_lines(now)[_CASE], how="outer", on=_CASE, indicator="agenda")
    return found.assign(agenda=_side(found["agenda"]))


def of_sessions(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """new_sessions, gone_sessions, new_forms and changed_forms of each case in either, from SESSIONS rows."""
    old, new = _placed(before), _placed(now)
    pairs = _pairs(old, new)
    missing_then, missing_now = (
        pairs[[f"{name}_{side}" for name in _RATINGS]].isna().to_numpy() for side in ("then", "now")
    )
    moved = pairs[[f"{name}_now" for name in _RATINGS]].to_numpy(float) - pairs[
        [f"{name}_then" for name in _RATINGS]
    ].to_numpy(float)
    pairs["new_forms"] = (missing_then & ~missing_now).sum(axis=1)
    pairs["changed_forms"] = ((np.abs(moved) > TIE) | (~missing_then & missing_now)).sum(axis=1)
    parts = [
        pairs[[*_CASE, "new_forms", "changed_forms"]],
        new.loc[~new["_row"].isin(pairs["_row_now"]), _CASE].assign(new_sessions=1),
        old.loc[~old["_row"].isin(pairs["_row_then"]), _CASE].assign(gone_sessions=1),
    ]
    counted = pd.concat(parts, ignore_index=True).reindex(columns=[*_CASE, *_COUNTS])
    return counted.groupby(_CASE, sort=True)[_COUNTS].sum().reset_index()


def _placed(sessions: pd.DataFrame) -> pd.DataFrame:
    """The sessions with their place among those of the case on the same day, and their row."""
    kept = sessions[[*_CASE, "session", "date", *_RATINGS]].astype(dict.fromkeys(_CASE, "str"))
    nth = kept.groupby([*_CASE, "date"], sort=False, dropna=False).cumcount()
    return kept.assign(_nth=nth, _row=np.arange(len(kept)))


def _pairs(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """The sessions that are there in both: those of the same day, and where either has no day, those of the same number."""
    both = ("_then", "_now")
    dated = [frame[frame["date"].notna().to_numpy()] for frame in (old, new)]
    by_day = dated[0].merge(dated[1], on=[*_CASE, "date", "_nth"], suffixes=both)
    rest = [
        frame[~frame["_row"].isin(by_day[f"_row{side}"]).to_numpy(bool)]
        for frame, side in zip((old, new), both, strict=True)
    ]
    by_number = rest[0].merge(rest[1], on=[*_CASE, "session"], suffixes=both)
    undated = by_number["date_then"].isna() | by_number["date_now"].isna()
    columns = [*_CASE, *(f"{name}{side}" for name in ("_row", *_RATINGS) for side in both)]
    return pd.concat([by_day[columns], by_number.loc[undated.to_numpy(bool), columns]], ignore_index=True)


def _falls(before: Analysis, now: Analysis) -> pd.DataFrame:
    """FALL_COLUMNS rows. Former episodes find those of today as decisions about them would."""
    then = carded(before)
    found = matched(_as_subjects(then, before), now).assign(rater=then["rater"].astype("str").to_numpy())
    found["session_then"] = found["session"]
    today = carded(now)
    today = today.assign(
        outcome=today["outcome"].mask((today["source"] == "marker").to_numpy(bool), RECORDED_MARKER)
    ).astype(dict.fromkeys([*_CASE, "rater"], "str"))
    taken = found.loc[found["start_session"].notna(), [*_CASE, "start_session"]].drop_duplicates()
    fresh = today.merge(taken.assign(_taken=True), how="left", on=[*_CASE, "start_session"])
    fresh = fresh[fresh["_taken"].isna().to_numpy(bool)].rename(columns={"outcome": "outcome_now"})
    told = found["changed"].str.split(";")
    now_over = found["outcome_then"].isin(["open", "ended open"]) & found["outcome_now"].isin(OVER)
    parts = [
        fresh.assign(change=NEW),
        found[(found["match"] == NOT_FOUND).to_numpy(bool)].assign(change=GONE),
    ]
    for name in ("outcome", "deepened", "shallower", "moved"):
        here = told.map(lambda names, name=name: name in names).to_numpy(bool)
        change = np.where(now_over[here], "over", name) if name == "outcome" else name
        parts.append(found[here].assign(change=change))
    every = pd.concat([part.reindex(columns=FALL_COLUMNS) for part in parts], ignore_index=True)
    kinds = dict.fromkeys(["start_session", "session_then"], "Int64")
    every = every.astype(
        {**dict.fromkeys([*_CASE, "rater", "change", "outcome_then", "outcome_now"], "str"), **kinds}
    )
    return every.sort_values([*_CASE, "start_session", "session_then"], kind="stable", ignore_index=True)


def _as_subjects(episodes: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    """REVIEW rows about these episodes as they are in that analysis, in their order."""
    days = analysis.sessions[[*_CASE, "session", "date"]].astype(dict.fromkeys(_CASE, "str"))
    keys = episodes[[*_CASE, "start_session"]].astype(dict.fromkeys(_CASE, "str"))
    dated = keys.rename(columns={"start_session": "session"}).merge(days, how="left", on=[*_CASE, "session"])
    by_marker = (episodes["source"] == "marker").to_numpy(bool)
    then = dated.assign(
        session_date=dated["date"],
        until_session=episodes["end_session"].to_numpy(),
        fall_then=np.where(by_marker, np.nan, episodes["depth_pct"].to_numpy(float)),
        outcome_then=np.where(by_marker, RECORDED_MARKER, episodes["outcome"].astype("str").to_numpy(object)),
    )
    return shaped(then.reindex(columns=REVIEW.names), REVIEW)
