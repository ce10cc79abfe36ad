"""What practice says: the answer of one series, the overview, the summary in counts. Kind, plain, and never a grade."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from alliance_core import benchmarked
from alliance_core.learning.exercises import Exercises, Mark, as_marks
from alliance_core.learning.scoring import Score, beside, score
from alliance_core.measures.detectors import DETECTORS
from alliance_core.measures.summaries import wilson
from alliance_core.notation import digits
from alliance_core.sentences import TERMS, Terms, listed, points
from alliance_core.settings import Settings, describe

Answers = Mapping[int, Mark | None]

NOTHING = "nothing"
SILENT = "can say nothing"
_UNKNOWN = "Nobody knows what happened in these sessions, so neither is right or wrong."


def mark_in_words(mark: Mark | None) -> str:
    """One mark: "from 6, back at 8", "from 6, not back", "nothing"."""
    if mark is None:
        return NOTHING
    return f"from {mark.start}, " + ("not back" if mark.back is None else f"back at {mark.back}")


def marks_in_words(frame: pd.DataFrame, series: int) -> str:
    """All marks of a frame (series, start, back) in one series, in order."""
    own = frame[frame["series"] == series]
    told = [
        mark_in_words(Mark(int(start), None if pd.isna(back) else int(back)))
        for start, back in zip(own["start"], own["back"], strict=True)
    ]
    return "; ".join(told) or NOTHING


def overview(of: Exercises, answers: Answers) -> pd.DataFrame:
    """One row a series that was answered, in order: series, you, rule and, where the series are simulated, simulated; in words."""
    table = pd.DataFrame({"series": sorted(answers)}, dtype="int64")
    columns = {"you": as_marks(answers), "rule": of.rule}
    if of.truth is not None:
        columns["simulated"] = of.truth
    for name, frame in columns.items():
        told = [marks_in_words(frame, number) for number in table["series"].tolist()]
        table[name] = pd.Series(told, dtype="str")
    return table if of.speaks else table.assign(rule=SILENT)


def revealed(of: Exercises, series: int, mark: Mark | None, near: int, terms: Terms = TERMS) -> list[str]:
    """What is said once a series was answered: the marks beside each other, then one sentence on them.

    `near`: sessions within which two marks mean the same place.
    """
    rule = f"{marks_in_words(of.rule, series)}" if of.speaks else SILENT
    lines = [f"You: {mark_in_words(mark)}.", f"Rule {of.method}: {rule}."]
    if of.truth is None:
        return [*lines, _two_views(of, series, mark, near)]
    planted = of.truth[of.truth["series"] == series]
    if planted.empty:
        lines.append("Simulated: nothing; all ups and downs are chance.")
    else:
        depth = points(planted["depth"].iloc[0])
        lines.append(
            f"Simulated: {marks_in_words(of.truth, series)}; at the lowest, the {terms.client}'s level is {depth} lower."
        )
    you = score(as_marks({series: mark}), of.truth, [series], near)
    return [*lines, _remark(you, score(of.rule, of.truth, [series], near))]


def _remark(you: Score, rule: Score) -> str:
    """One kind sentence on one series."""
    if you.found:
        return "You and the rule both found it." if rule.found else "You found it, and the rule did not."
    if rule.found:
        return (
            "The rule found this one. Look again at where the simulated bar begins: how does that fall compare with the ups and downs "
            "before it?"
        )
    if you.planted:
        return "Neither you nor the rule found it: a fall of this size can hide among the ups and downs."
    if you.false_alarms:
        return "Chance alone made what you marked. It often looks like this, and that is why a fall is a question and not proof."
    also = " The rule was taken in by chance here." if rule.false_alarms else ""
    return f"There was nothing to find, and you left it alone.{also}"


def _two_views(of: Exercises, series: int, mark: Mark | None, near: int) -> str:
    if not of.speaks:
        return _UNKNOWN
    two = beside(as_marks({series: mark}), of.rule, [series], near)
    if two.neither:
        return f"Neither you nor the rule marked anything. {_UNKNOWN}"
    alike = "point to the same place" if two.same_place else "see it differently"
    return f"You and the rule {alike}. {_UNKNOWN}"


def summary(of: Exercises, answers: Answers, near: int) -> list[str]:
    """What the answers of a set come to, in sentences: counts, and what they are worth."""
    mine, looked_at = as_marks(answers), list(answers)
    if of.truth is None:
        return _side_by_side(of, mine, looked_at, near)
    you, rule = score(mine, of.truth, looked_at, near), score(of.rule, of.truth, looked_at, near)
    found, astray = "Nothing was simulated in these series", f"In {you.false_alarms} of {you.series} series"
    if you.planted:
        found = f"You found {you.found} of {_many(you.planted, 'simulated rupture')}"
        found += f", the rule {of.method} {rule.found}" if of.speaks else ""
    astray += " you marked something where nothing was simulated"
    astray += f", and the rule in {rule.false_alarms}" if of.speaks else ""
    silent = "" if of.speaks else f" The rule {of.method} can say nothing of such series."
    return [
        f"{found}. {astray}.{silent}",
        "With so few series much of this is luck; the intervals say how much. It is practice and no test, and nothing of it is kept after this sitting.",
    ]


def counts(of: Exercises, answers: Answers, near: int) -> pd.DataFrame:
    """The same with 95 % intervals, one row for you and, where it can say anything, one for the rule; cells in words. Empty for real cases."""
    if of.truth is None:
        return pd.DataFrame()
    rows = {"you": as_marks(answers), **({f"rule {of.method}": of.rule} if of.speaks else {})}
    scored = {who: score(marks, of.truth, list(answers), near) for who, marks in rows.items()}
    return pd.DataFrame(
        [
            {
                "who": who,
                "found": _share(one.found, one.planted),
                "missed": _share(one.missed, one.planted),
                "series with a false alarm": _share(one.false_alarms, one.series),
                "of those found, what followed told rightly": _share(one.followed, one.found),
            }
            for who, one in scored.items()
        ]
    )


def _side_by_side(of: Exercises, mine: pd.DataFrame, looked_at: list[int], near: int) -> list[str]:
    if not of.speaks:
        return [f"The rule {of.method} can say nothing of these series, so there is nothing to compare with."]
    two = beside(mine, of.rule, looked_at, near)
    place = f" (the same place in {two.same_place})" if two.both else ""
    parts = [
        f"you and the rule {of.method} both marked something in {two.both}{place}",
        f"you alone in {two.first_only}",
        f"the rule alone in {two.second_only}",
        f"neither in {two.neither}",
    ]
    return [
        f"Of {two.series} series: {listed(parts)}.",
        f"{_UNKNOWN} Where you differ is worth a look together.",
    ]


def on_many_series(method: str, settings: Settings) -> str:
    """What the benchmark says of the rule as it is set; empty where it was not run or did not try that."""
    number = next(line for line in describe(settings) if line.key == DETECTORS[method].threshold).value
    said = benchmarked.said_of(method, number) if isinstance(number, float) else None
    if said is None:
        return ""
    return (
        f"In the benchmark, on very many cases simulated in another way, the rule {method} as it is set finds {digits(said.found, '.0%')} of ruptures and makes "
        f"{digits(said.false_alarms, '.1f')} false alarms per 100 sessions in which nothing happened."
    )


def _many(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"


def _share(count: int, of: int) -> str:
    """A count with Wilson's interval of the share behind it: "4 of 6 (30–90 %)"."""
    if not of:
        return "none to count"
    low, high = (round(100 * end) for end in wilson(count, of))
    return f"{count} of {of} ({low}–{high} %)"
