"""Tasks by hand: what counts as doubt, as tried without success, as one kind only; unknown stays unknown."""

import pytest

from alliance_core.analysis import analyse
from alliance_core.measures import tasks as measures
from alliance_core.settings import Settings
from alliance_core.tables import TASKS
from tests.measures.made import TEN, overall, ratings, records, table_of, task


def found(*rows):
    return records(measures.case_tasks(table_of(rows, TASKS), Settings().tasks))


def readings(rows, forms=None, **more):
    """From the reading to its line, of the case C-1 with six sessions unless said."""
    result = analyse(ratings(forms or overall("C-1", [70] * 6), tasks=rows, **more), TEN)
    return {row["reading"]: row for row in records(result.work.readings) if row["client"] == "C-1"}


@pytest.mark.parametrize(
    ("client", "practitioner", "doubted"),
    [
        (4, None, "yes"),  # at the line
        (4.1, None, "no"),
        (0, 0, "yes"),  # both doubt it: the client does all the same
        (6, 10, "yes"),  # four marks apart, at the ceiling of doubt
        (6, 9.9, "no"),
        (6.1, 10, "no"),  # whoever gives more than 6 finds it relevant
        (19 / 3, 10, "no"),
        (5, None, "no"),  # nothing to hold it against
        (None, 9, None),  # missing is not doubt
        (None, None, None),
    ],
)
def test_what_counts_as_doubt(client, practitioner, doubted):
    (row,) = found(task("C-1", 1, "A", client_relevance=client, practitioner_relevance=practitioner))
    assert row["doubted"] == doubted


def test_a_difference_that_is_four_on_paper_is_four():
    assert 9.2 - 5.2 < 4  # as a computer sees it
    (row,) = found(task("C-1", 1, "A", client_relevance=5.2, practitioner_relevance=9.2))
    assert row["doubted"] == "yes"


@pytest.mark.parametrize(
    ("tried", "worked", "without_success"),
    [
        ("yes", "no", "yes"),
        ("yes", "yes", "no"),
        ("no", None, "no"),
        ("no", "no", "no"),  # what was never tried cannot have worked
        ("yes", None, None),
        (None, "no", None),
        (None, "yes", "no"),
        (None, None, None),
    ],
)
def test_what_counts_as_tried_without_success(tried, worked, without_success):
    (row,) = found(task("C-1", 1, "A", tried_before=tried, worked_before=worked))
    assert row["tried_without_success"] == without_success


def test_the_latest_word_on_a_task_counts_and_silence_takes_nothing_back():
    (row,) = found(
        task("C-1", 1, "Sleep diary", kind="home", client_relevance=2, practitioner_relevance=9, done="no"),
        task("C-1", 3, "sleep  DIARY", client_relevance=8, tried_before="yes", worked_before="no"),
        task("C-1", 5, "sleep diary ", practitioner_relevance=3, set_by="both"),
    )
    assert row == {
        "case": 0,
        "practitioner": "P01",
        "client": "C-1",
        "words": "sleep diary",
        "task": "sleep diary ",
        "kind": "home",
        "set_by": "both",
        "done": "no",
        "times_set": 3,
        "first_session": 1,
        "last_session": 5,
        "client_relevance": 8,
        "practitioner_relevance": None,  # of the line in which the client's was last given
        "relevance_session": 3,
        "tried_before": "yes",
        "worked_before": "no",
        "before_session": 3,
        "doubted": "no",
        "tried_without_success": "yes",
    }


def test_by_kind_with_what_is_not_noted():
    rows = [
        task("C-1", 1, "A", kind="home", client_relevance=8, set_by="client", done="yes"),
        task("C-1", 2, "a", kind="home", client_relevance=5, set_by="both", done="partly"),
        task("C-1", 2, "B", kind="session", practitioner_relevance=7, tried_before="yes", worked_before="no"),
        task("C-1", 3, "C", done="no"),
    ]
    by = {row["kind"]: row for row in records(measures.task_kinds(table_of(rows, TASKS)))}
    assert set(by) == {"home", "session", "not stated", "all"}
    assert (by["home"]["tasks"], by["home"]["times_set"]) == (1, 2)
    assert (by["home"]["client_relevance"], by["home"]["client_relevance_n"]) == (6.5, 2)
    assert (by["home"]["practitioner_relevance"], by["home"]["practitioner_relevance_n"]) == (None, 0)
    assert (by["session"]["practitioner_relevance"], by["session"]["practitioner_relevance_n"]) == (7, 1)
    every = by["all"]
    assert (every["tasks"], every["times_set"]) == (3, 4)
    for name, told in {
        "set_by": {"client": 1, "practitioner": 0, "both": 1, "other": 0, "unknown": 2},
        "tried_before": {"yes": 1, "no": 0, "unknown": 3},
        "worked_before": {"yes": 0, "no": 1, "unknown": 3},
        "done": {"yes": 1, "partly": 1, "no": 1, "unknown": 1},
    }.items():
        assert {word: every[f"{name}_{word}"] for word in told} == told
        assert sum(told.values()) == every["times_set"]


def test_doubted_tasks_are_counted_among_those_that_the_client_rated():
    line = readings(
        [
            task("C-1", 1, "A", client_relevance=3, practitioner_relevance=8),
            task("C-1", 4, "A"),
            task("C-1", 2, "B", client_relevance=9),
            task("C-1", 2, "C", practitioner_relevance=9),
            task("C-1", 3, "D", client_relevance=4),
        ]
    )["doubted tasks"]
    assert (line["raised"], line["count"], line["of"]) == ("yes", 2, 3)
    assert (line["session"], line["lowest"]) == (4, 3)  # last set at session 4


def test_without_a_known_answer_there_is_no_reading_at_all():
    assert readings([task("C-1", 1, "A", practitioner_relevance=9, tried_before="yes")]) == {}


@pytest.mark.parametrize(
    ("kinds", "raised"),
    [
        (["home"] * 4, "yes"),
        (["home"] * 3, None),
        (["home"] * 4 + [None], "yes"),
        (["home"] * 3 + [None], None),  # the fourth may be of any kind
        (["home"] * 4 + ["session"], "no"),
    ],
)
def test_only_one_kind_of_task(kinds, raised):
    rows = [task("C-1", n, f"T{n}", kind=kind) for n, kind in enumerate(kinds, 1)]
    line = readings(rows).get("one kind of task", {"raised": None})
    assert line["raised"] == raised
    if raised == "yes":
        assert (line["count"], line["of"]) == (4, len(kinds))


def test_four_times_the_same_task_is_one_task():
    assert "one kind of task" not in readings([task("C-1", n, "A", kind="home") for n in range(1, 5)])


def test_a_task_that_was_once_of_another_kind_makes_two_kinds():
    rows = [task("C-1", n, f"T{n}", kind="home") for n in range(1, 5)]
    assert readings([*rows, task("C-1", 1, "T4", kind="session")])["one kind of task"]["raised"] == "no"


def test_a_case_that_nobody_rated_has_its_readings_as_flags():
    rows = [task("C-9", 1, "A", client_relevance=1)]
    result = analyse(ratings(overall("C-1", [70] * 3), tasks=rows), TEN)
    assert result.agenda[["client", "reason", "listed"]].values.tolist() == [["C-9", "doubted tasks", False]]
    assert result.cases[["client", "sessions", "flags"]].values.tolist() == [
        ["C-1", 3, ""],
        ["C-9", 0, "doubted tasks"],
    ]
