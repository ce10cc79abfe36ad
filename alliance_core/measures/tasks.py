"""Tasks that the two agreed on: what was set, what each side makes of it, and what stands out.

Relevance is given on 0–10. What nobody noted is unknown: a missing relevance is no doubt, a missing "worked" no failure.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from alliance_core.measures import TIE
from alliance_core.measures.runs import Runs, at, in_key_order, in_whole, marked_by_case, runs
from alliance_core.measures.series import category, numbered, starts
from alliance_core.measures.sums import over
from alliance_core.settings import TaskSettings
from alliance_core.tables import TASKS
from alliance_core.work_tables import ALL_KINDS, COUNTED, NO_KIND, UNKNOWN

_CASE = ["practitioner", "client"]
_SIDES = ("client", "practitioner")
_LAST_TOLD = ("task", "kind", "set_by", "done")


def same_words(column: pd.Series) -> pd.Series:
    """Texts made equal where they differ in case and spaces only; missing stays missing.

    >>> same_words(pd.Series(["Sleep  diary ", "sleep diary", None], dtype="str")).tolist()
    ['sleep diary', 'sleep diary', nan]
    """
    code, texts = pd.factorize(column)
    same = pd.Series(texts, dtype="str").str.replace(r"\s+", " ", regex=True).str.strip().str.casefold()
    return pd.Series(same.array.take(code, allow_fill=True), index=column.index, name=column.name)


def ordered(tasks: pd.DataFrame) -> pd.DataFrame:
    """The rows by case, words and session; `case` numbers the cases from 0, `words`, by which lines of one task are known, are in order of the text. In: TASKS columns.

    Case and words are ordered categories (fast to compare). Rows that are so already stay as they are.
    """
    if "words" in tasks:
        return tasks
    rows = in_key_order(tasks, TASKS)
    rows = rows.assign(words=category(same_words(rows["task"])))
    words = rows["words"].cat.codes.to_numpy()
    order = np.lexsort((words, rows["case"].to_numpy()))  # stable: sessions stay in order
    return rows.take(order).reset_index(drop=True)


def case_tasks(tasks: pd.DataFrame, settings: TaskSettings) -> pd.DataFrame:
    """CASE_TASKS columns and `case` (number from 0), in order of their case and words: what was last said of each task.

    In: TASKS columns. The client doubts a task when the client's latest relevance is at most `doubt_line` (≤), or at most `doubt_ceiling` (≤)
    and at least `doubt_difference` (≥) below the practitioner's of the same line; unknown without the client's. A task was
    tried without success when the latest line that tells says tried yes and worked no; unknown where it tells too little.
    """
    rows = ordered(tasks)
    rows = rows[rows["words"].notna().to_numpy()].reset_index(drop=True)
    task = runs(numbered(rows["case"].to_numpy(), rows["words"].cat.codes.to_numpy()))
    session = in_whole(rows["session"])
    by_client, by_practitioner, tried, worked = (
        rows[name].notna().to_numpy(bool)
        for name in ("client_relevance", "practitioner_relevance", "tried_before", "worked_before")
    )
    # a line with the client's relevance tells more than a later one with the practitioner's alone
    told = task.last_where(by_client)
    relevance = np.where(told < 0, task.last_where(by_practitioner), told)
    before = task.last_where(tried | worked)
    last = {name: at(rows[name], task.last_where(rows[name].notna().to_numpy(bool))) for name in _LAST_TOLD}
    table = pd.DataFrame(
        {
            **{name: at(rows[name], task.first) for name in ("case", *_CASE, "words")},
            **last,
            "times_set": task.size,
            "first_session": task.lowest(session),
            "last_session": task.highest(session),
            **{f"{side}_relevance": at(rows[f"{side}_relevance"], relevance) for side in _SIDES},
            "relevance_session": at(rows["session"], relevance),
            **{name: at(rows[name], before) for name in ("tried_before", "worked_before")},
            "before_session": at(rows["session"], before),
        }
    )
    return table.assign(doubted=_doubted(table, settings), tried_without_success=_without_success(table))


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
    """TASK_KINDS columns and `case` (number from 0), in key order: per case and kind of task how many, who set them, relevance, success.

    In: TASKS columns. A task set as two kinds counts in both. A mean of relevance is over the times it was given.
    """
    rows = ordered(tasks)
    case, (kind, kinds) = rows["case"].to_numpy(), pd.factorize(rows["kind"].fillna(NO_KIND))
    labels = sorted({*kinds, ALL_KINDS})
    own = np.array([labels.index(one) for one in kinds], np.int64)[kind]
    # each line twice: once with its kind and once with all
    cell = np.concatenate([case * len(labels) + own, case * len(labels) + labels.index(ALL_KINDS)])
    cells = (int(case.max(initial=-1)) + 1) * len(labels)

    def counted(code: np.ndarray, most: int) -> np.ndarray:
        """How often each code from 0 stands in each cell; −1 counts nowhere."""
        twice = np.tile(code, 2)
        here = twice >= 0
        return np.bincount(cell[here] * most + twice[here], minlength=cells * most).reshape(cells, most)

    words = rows["words"].cat.codes.to_numpy()
    many = len(rows["words"].cat.categories)
    tasks_of = np.unique(cell * (many + 1) + np.tile(words, 2) + 1)  # 0: without words
    table: dict[str, Any] = {
        "tasks": np.bincount(tasks_of[tasks_of % (many + 1) > 0] // (many + 1), minlength=cells),
        "times_set": np.bincount(cell, minlength=cells),
    }
    for what, answers in COUNTED.items():
        codes = pd.Categorical(rows[what].fillna(UNKNOWN), categories=list(answers)).codes
        of_cell = counted(codes.astype(np.int64), len(answers))
        table |= {f"{what}_{word}": of_cell[:, place] for place, word in enumerate(answers)}
    for side in _SIDES:
        given = np.tile(rows[f"{side}_relevance"].to_numpy(float), 2)
        there = ~np.isnan(given)
        n = np.bincount(cell[there], minlength=cells)
        total = np.bincount(cell[there], weights=given[there], minlength=cells)
        table |= {f"{side}_relevance": over(total, n), f"{side}_relevance_n": n}
    used = np.flatnonzero(table["times_set"])
    first = starts(case)
    whose = {name: at(rows[name], first[used // len(labels)]) for name in ("case", *_CASE)}
    label = pd.Series(np.array(labels, dtype=object)[used % len(labels)], dtype="str")
    return pd.DataFrame({**whose, "kind": label, **{name: column[used] for name, column in table.items()}})


def readings(found: pd.DataFrame, kinds: pd.DataFrame, settings: TaskSettings) -> pd.DataFrame:
    """READINGS columns for tasks, one row for each case and reading that can be decided.

    In: the frames of `case_tasks` and `task_kinds`. `one kind of task` needs `one_kind_from` (≥) different tasks of a known kind.
    """
    doubts = _raised(found, "doubted").assign(reading="doubted tasks")
    doubted = np.where(found["doubted"] == "yes", found["client_relevance"].to_numpy(float), np.nan)
    known = found["doubted"].notna().to_numpy()
    doubts["lowest"] = _cases(found[known]).lowest(doubted[known])
    tried = _raised(found, "tried_without_success").assign(reading="tried without success")
    return pd.concat([doubts, tried, _one_kind(found, kinds, settings)], ignore_index=True)


def _cases(found: pd.DataFrame) -> Runs:
    return runs(found["case"].to_numpy())


def _raised(found: pd.DataFrame, name: str) -> pd.DataFrame:
    """Per case with a known answer: how many tasks have a yes, of how many with an answer, and when one with a yes was last set."""
    known = found[found[name].notna().to_numpy()]
    return marked_by_case(known, (known[name] == "yes").to_numpy(bool))


def _one_kind(found: pd.DataFrame, kinds: pd.DataFrame, settings: TaskSettings) -> pd.DataFrame:
    """Per case with enough tasks of a known kind: whether they are all of one."""
    cases = int(found["case"].max()) + 1 if len(found) else 0
    every = np.bincount(found["case"].to_numpy(), minlength=cases)
    named = kinds[~kinds["kind"].isin([NO_KIND, ALL_KINDS]).to_numpy()]
    different = np.bincount(named["case"].to_numpy(), minlength=cases)
    known = found[found["kind"].notna().to_numpy()]
    case = _cases(known)
    number = known["case"].to_numpy()[case.first]
    single = different[number] == 1
    table = pd.DataFrame(
        {
            **{key: at(known[key], case.first) for key in _CASE},
            "count": case.size,
            "of": every[number],
            "session": np.where(single, case.highest(in_whole(known["last_session"])), np.nan),
            "raised": np.where(single, "yes", "no"),
            "reading": "one kind of task",
        }
    )
    return table[(table["count"] >= settings.one_kind_from).to_numpy()]
