"""What practice says: every situation in words, counts with their intervals, and nothing that grades."""

import re

import pandas as pd
import pytest

from alliance_core import benchmarked
from alliance_core.learning import practice_sentences as said
from alliance_core.learning.exercises import Exercises, Mark
from alliance_core.sentences import Terms
from alliance_core.settings import Settings

GRADING = re.compile(
    r"\bscore|\bgrade|\bwell done|\bbest\b|\bworst\b|\bfailed\b|wrong!|nan|None|<NA>|%%|\{|\}|  "
)


def exercises(rule=(), truth=(), real=False, speaks=True, series=3):
    """Series of six sessions; (series, start, back) of the rule, (series, start, back, last, depth, outcome) of the truth."""
    sessions = pd.DataFrame(
        [(n, session, 60.0, 50.0) for n in range(1, series + 1) for session in range(1, 7)],
        columns=["series", "session", "client_overall", "practitioner_overall"],
    )
    planted = pd.DataFrame(truth, columns=["series", "start", "back", "last", "depth", "outcome"])
    planted = planted.astype(dict.fromkeys(["series", "start", "back", "last"], "Int64"))
    marked = pd.DataFrame(rule, columns=["series", "start", "back"]).astype("Int64")
    return Exercises(sessions, marked, "baseline", speaks, None if real else planted)


PLANTED = (1, 3, 5, 4, 21.4, "repaired")
RULE = (1, 3, 5)


@pytest.mark.parametrize(
    ("rule", "truth", "mark", "remark"),
    [
        ([RULE], [PLANTED], Mark(3, 5), "You and the rule both found it."),
        ([], [PLANTED], Mark(3, 5), "You found it, and the rule did not."),
        ([RULE], [PLANTED], None, "The rule found this one."),
        ([RULE], [PLANTED], Mark(6), "The rule found this one."),
        ([], [PLANTED], None, "Neither you nor the rule found it"),
        ([], [PLANTED], Mark(6), "Neither you nor the rule found it"),
        ([], [], Mark(3), "Chance alone made what you marked."),
        ([], [], None, "There was nothing to find, and you left it alone."),
        ([RULE], [], None, "you left it alone. The rule was taken in by chance here."),
    ],
)
def test_one_series_with_the_truth(rule, truth, mark, remark):
    *marks, last = said.revealed(exercises(rule, truth), 1, mark, 1)
    assert remark in last
    told = (
        "from 3, back at 5; at the lowest, the client's level is 21 points lower" if truth else "nothing; all"
    )
    assert marks[2].startswith(f"Simulated: {told}")
    assert marks[1] == f"Rule baseline: {'from 3, back at 5' if rule else 'nothing'}."


def test_one_mark_in_words():
    assert said.mark_in_words(None) == "nothing"
    assert said.mark_in_words(Mark(4)) == "from 4, not back"
    assert said.mark_in_words(Mark(4, 6)) == "from 4, back at 6"
    two = exercises([(1, 2, 3), (1, 5, None), (2, 4, None)])
    assert said.marks_in_words(two.rule, 1) == "from 2, back at 3; from 5, not back"


@pytest.mark.parametrize(
    ("rule", "mark", "told"),
    [
        ([RULE], Mark(4), "You and the rule point to the same place."),
        ([RULE], Mark(6), "You and the rule see it differently."),
        ([RULE], None, "You and the rule see it differently."),
        ([], Mark(3), "You and the rule see it differently."),
        ([], None, "Neither you nor the rule marked anything."),
    ],
)
def test_of_real_cases_nobody_knows(rule, mark, told):
    *marks, last = said.revealed(exercises(rule, real=True), 1, mark, 1)
    assert len(marks) == 2
    assert last.startswith(told)
    assert last.endswith("Nobody knows what happened in these sessions, so neither is right or wrong.")


def test_a_rule_that_can_say_nothing_says_so_and_is_not_counted():
    silent = exercises(truth=[PLANTED], speaks=False)
    assert said.revealed(silent, 1, None, 1)[1] == "Rule baseline: can say nothing."
    assert said.overview(silent, {1: None})["rule"].tolist() == ["can say nothing"]
    assert said.counts(silent, {1: None}, 1)["who"].tolist() == ["you"]
    assert "can say nothing of such series" in said.summary(silent, {1: None}, 1)[0]
    real = exercises(real=True, speaks=False)
    assert "nothing to compare with" in said.summary(real, {1: None}, 1)[0]
    assert said.revealed(real, 1, None, 1)[2].startswith("Nobody knows")


def test_the_summary_counts_both_with_wilson_s_interval():
    of = exercises([RULE, (3, 2, None)], [PLANTED, (2, 4, None, 6, 18.0, "open")])
    answers = {1: Mark(3, 5), 2: None, 3: None}
    assert said.summary(of, answers, 1)[0] == (
        "You found 1 of 2 simulated ruptures, the rule baseline 1. In 0 of 3 series you marked something where nothing was simulated, and the rule in 1."
    )
    table = said.counts(of, answers, 1).set_index("who")
    # Wilson 1927, worked out by hand: 1 of 2: 9.45–90.55 %; 0 of 3: 0–56.15 %; 1 of 3: 6.15–79.23 %; 1 of 1: 20.65–100 %
    assert table.loc["you"].tolist() == [
        "1 of 2 (9–91 %)",
        "1 of 2 (9–91 %)",
        "0 of 3 (0–56 %)",
        "1 of 1 (21–100 %)",
    ]
    assert table.loc["rule baseline"].tolist() == [
        "1 of 2 (9–91 %)",
        "1 of 2 (9–91 %)",
        "1 of 3 (6–79 %)",
        "1 of 1 (21–100 %)",
    ]


def test_nothing_planted_and_nothing_found_are_words_and_no_share():
    none = exercises()
    assert said.summary(none, {1: Mark(2)}, 1)[0].startswith(
        "Nothing was simulated in these series. In 1 of 1 series"
    )
    assert said.counts(none, {1: None}, 1)["found"].tolist() == ["none to count"] * 2
    missed = said.counts(exercises(truth=[PLANTED]), {1: None}, 1)
    assert missed["of those found, what followed told rightly"].tolist() == ["none to count"] * 2
    assert "1 of 1 simulated rupture," in said.summary(exercises([RULE], [PLANTED]), {1: Mark(3)}, 1)[0]


def test_the_summary_of_real_cases_compares_and_judges_nobody():
    of = exercises([RULE, (2, 2, None)], real=True, series=4)
    first, second = said.summary(of, {1: Mark(4), 2: None, 3: Mark(2), 4: None}, 1)
    assert first == (
        "Of 4 series: you and the rule baseline both marked something in 1 (the same place in 1), you alone in 1, the rule alone in 1 and neither in 1."
    )
    assert "neither is right or wrong" in second
    assert said.counts(of, {1: None}, 1).empty


def test_the_overview_has_a_row_for_each_answer_in_order():
    of = exercises([RULE], [PLANTED])
    table = said.overview(of, {2: Mark(4), 1: None})
    assert table.to_dict("records") == [
        {"series": 1, "you": "nothing", "rule": "from 3, back at 5", "simulated": "from 3, back at 5"},
        {"series": 2, "you": "from 4, not back", "rule": "nothing", "simulated": "nothing"},
    ]
    assert list(said.overview(exercises(real=True), {1: None}).columns) == ["series", "you", "rule"]


def test_what_the_benchmark_says_is_of_the_rule_as_it_is_set():
    told = benchmarked.said_of("baseline", 2.3)
    text = said.on_many_series("baseline", Settings())
    assert f"finds {told.found:.0%} of ruptures" in text
    assert f"{told.false_alarms:.1f} false alarms per 100 sessions" in text
    stricter = Settings.model_validate({"episodes": {"z_open": 3.0}})
    assert said.on_many_series("baseline", stricter) != text
    assert said.on_many_series("baseline", Settings.model_validate({"episodes": {"z_open": 9.0}})) == ""
    assert said.on_many_series("threshold", Settings()) == ""


def test_nothing_is_graded_and_the_pair_has_its_own_words():
    of = exercises([RULE], [PLANTED])
    for answers in ({1: None}, {1: Mark(3, 5)}, {1: Mark(6)}):
        texts = [
            *said.revealed(of, 1, answers[1], 1, Terms("student", "teacher")),
            *said.summary(of, answers, 1),
        ]
        assert not GRADING.search(" ".join(texts))
        assert "client" not in " ".join(texts)
