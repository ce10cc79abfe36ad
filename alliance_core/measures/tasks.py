"""Tasks that the two agreed on: what was set, what each side makes of it, and what stands out.

Relevance is given on 0–10. What nobody noted is unknown: a missing relevance is no doubt, a missing "worked" no failure.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliance_core.measures import TIE
from alliance_core.measures.series import category
from alliance_core.settings import TaskSettings
from alliance_core.tables import TASKS
from alliance_core.work_tables import ALL_KINDS, COUNTED, NO_KIND, UNKNOWN

_CASE = ["practitioner", "client"]
_TASK = [*_CASE, "words"]
_SIDES = ("client", "practitioner")


def same_words(column: pd.Series) -> pd.Series:
    """Texts made equal where they differ in case and spaces only; missing stays missing.

    >>> same_words(pd.Series(["Sleep  diary ", "sleep diary", None], dtype="str")).tolist()
    ['sleep diary', 'sleep diary', nan]
    """
    code, texts = pd.factorize(column)
    same = pd.Series(texts, dtype="str").str.replace(r"\s+", " ", regex=True).str.strip().str.casefold()
    return pd.Series(same.array.take(code, allow_fill=True), index=column.index, name=column.name)


def ordered(tasks: pd.DataFrame) -> pd.DataFrame:
    """The rows by case, session and task, with `words`, by which lines of one task are known; case and words as ordered categories (fast to group).

    Rows that are so already stay as they are.
    """
    if "words" in tasks:
        return tasks
    rows = tasks.sort_values(TASKS.names, kind="stable", ignore_index=True)
    rows = rows.assign(words=same_words(rows["task"]))
    return rows.assign(**{name: category(rows[name]) for name in _TASK})


def case_tasks(tasks: pd.DataFrame, settings: TaskSettings) -> pd.DataFrame:
    """CASE_TASKS columns, in order of their case and words: what was last said of each task.

    In: TASKS columns. The client doubts a task when the client's latest relevance is at most `doubt_line` (≤), or at most `doubt_ceiling` (≤)
    and at least `doubt_difference` (≥) below the practitioner's of the same line; unknown without the client's. A task was
    tried without success when the latest line that tells says tried yes and worked no; unknown where it tells too little.
    """
    rows = ordered(tasks)
    last = {name: (name, "last") for name in ("task", "kind", "set_by", "done")}
    table = rows.groupby(_TASK, sort=True).agg(
        **last,
        times_set=("session", "size"),
        first_session=("session", "min"),
        last_session=("session", "max"),
    )
    relevance = [f"{side}_relevance" for side in _SIDES]
    before = ["tried_before", "worked_before"]
    # a line with the client's relevance tells more than a later one with the practitioner's alone
    by_client = rows.sort_values("client_relevance", key=pd.Series.notna, kind="stable")
    table = table.join(_last_told(by_client, relevance, "relevance_session"))
    table = table.join(_last_told(rows, before, "before_session")).reset_index()
    return table.assign(doubted=_doubted(table, settings), tried_without_success=_without_success(table))


def _last_told(rows: pd.DataFrame, names: list[str], session: str) -> pd.DataFrame:
    """Per task: these columns of its last row that has any of them, with that row's session."""
    told = rows[rows[names].notna().any(axis=1).to_numpy(bool)].drop_duplicates(_TASK, keep="last")
    return told.set_index(_TASK)[[*names, "session"]].rename(columns={"session": session})


def _doubted(table: pd.DataFrame, settings: TaskSettings) -> pd.Series:
    client, practitioner = (table[f"{side}_relevance"].to_numpy(float) for side in _SIDES)
    low = client <= settings.doubt_line + TIE
    apart = practitioner - client >= settings.doubt_difference - TIE
    return _yes_no(low | (apart & (client <= settings.doubt_ceiling + TIE)), ~np.isnan(client))


def _without_success(table: pd.DataFrame) -> pd.Series:
    tried, worked = table["tried_before"], table["worked_before"]
    in_vain = ((tried == "yes") & (worked == "no")).to_numpy(bool)
    return _yes_no(in_vain, in_vain | ((tried == "no") | (worked == "yes")).to_numpy(bool))


def _yes_no(here: np.ndarray, known: np.ndarray) -> pd.Series:
    """yes or no; missing where not known."""
    return pd.Series(np.where(here, "yes", "no"), dtype="str").where(known)


def task_kinds(tasks: pd.DataFrame) -> pd.DataFrame:
    """TASK_KINDS columns, in key order: per case and kind of task how many, who set them, relevance, success.

    In: TASKS columns. A task set as two kinds counts in both. A mean of relevance is over the times it was given.
    """
    rows = ordered(tasks)
    rows["kind"] = rows["kind"].fillna(NO_KIND)
    rows = pd.concat([rows, rows.assign(kind=ALL_KINDS)], ignore_index=True)
    counted = {
        f"{what}_{word}": rows[what].isna() if word == UNKNOWN else rows[what] == word
        for what, words in COUNTED.items()
        for word in words
    }
    groups = rows.groupby([*_CASE, "kind"], sort=True)
    table = pd.DataFrame({"tasks": groups["words"].nunique(), "times_set": groups.size()})
    by_kind = [rows[name] for name in (*_CASE, "kind")]
    table = table.join(pd.DataFrame(counted).astype("int64").groupby(by_kind, sort=True).sum())
    for side in _SIDES:
        table[f"{side}_relevance"] = groups[f"{side}_relevance"].mean()
        table[f"{side}_relevance_n"] = groups[f"{side}_relevance"].count()
    return table.reset_index()


def readings(found: pd.DataFrame, kinds: pd.DataFrame, settings: TaskSettings) -> pd.DataFrame:
    """READINGS columns for tasks, one row for each case and reading that can be decided.

    In: the frames of `case_tasks` and `task_kinds`. `one kind of task` needs `one_kind_from` (≥) different tasks of a known kind.
    """
    doubts = _raised(found, "doubted").assign(reading="doubted tasks")
    doubted = found[(found["doubted"] == "yes").to_numpy(bool)]
    doubts = doubts.join(doubted.groupby(_CASE)["client_relevance"].min().rename("lowest"))
    tried = _raised(found, "tried_without_success").assign(reading="tried without success")
    parts = [doubts, tried, _one_kind(found, kinds, settings)]
    return pd.concat([part.reset_index() for part in parts], ignore_index=True)


def _raised(found: pd.DataFrame, name: str) -> pd.DataFrame:
    """Per case with a known answer: how many tasks have a yes, of how many with an answer, and when one with a yes was last set."""
    known = found[found[name].notna().to_numpy()]
    here = known[name] == "yes"
    groups = [known[key] for key in _CASE]
    table = pd.DataFrame(
        {
            "count": here.groupby(groups, sort=True).sum(),
            "of": here.groupby(groups, sort=True).size(),
            "session": known["last_session"].where(here).groupby(groups, sort=True).max(),
        }
    )
    return table.assign(raised=np.where(table["count"] > 0, "yes", "no"))


def _one_kind(found: pd.DataFrame, kinds: pd.DataFrame, settings: TaskSettings) -> pd.DataFrame:
    """Per case with enough tasks of a known kind: whether they are all of one."""
    known = found[found["kind"].notna().to_numpy()].groupby(_CASE, sort=True)
    table = pd.DataFrame({"count": known.size(), "session": known["last_session"].max()})
    table["of"] = found.groupby(_CASE, sort=True).size()
    named = kinds[~kinds["kind"].isin([NO_KIND, ALL_KINDS]).to_numpy()]
    single = (named.groupby(_CASE, sort=True).size() == 1).reindex(table.index, fill_value=False)
    table = table.assign(raised=np.where(single, "yes", "no"), reading="one kind of task")
    table["session"] = table["session"].where(single)
    return table[(table["count"] >= settings.one_kind_from).to_numpy()]
