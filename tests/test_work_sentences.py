"""Sentences on tasks and goals: they name what they mean, count honestly, and never judge anybody."""

from itertools import product

import pytest

from alliance_core import work_sentences as said
from alliance_core.sentences import Terms
from alliance_core.settings import Settings, TaskSettings
from alliance_core.work_tables import WORK_READINGS
from tests.test_sentences import FORBIDDEN

PLAIN = Settings()
NAN = float("nan")


def task(name, mine=None, theirs=None, **more):
    return {
        "task": name,
        "kind": "home",
        "last_session": 7,
        "client_relevance": mine,
        "practitioner_relevance": theirs,
        "doubted": "yes" if mine is not None else None,
        "tried_without_success": "yes",
        **more,
    }


def goal(mine, theirs):
    by = "both" if mine and theirs else "client" if mine else "practitioner"
    return {"client_goal": mine, "practitioner_goal": theirs, "named_by": by}


def line(reading, count=1, of=1, **more):
    figures = dict.fromkeys(["lowest", "agreement", "level", "error", "fall"], NAN)
    return figures | {"reading": reading, "raised": "yes", "session": 9, "count": count, "of": of, **more}


def test_doubted_tasks_are_named_with_both_sides_marks_the_least_relevant_first():
    tasks = [task("Walk", 4.0, 8.5), task("Diary", 2.0), task("Rest", 9.0, doubted="no")]
    assert said.reading(line("doubted tasks", 2, 3), tasks, []) == (
        "The client seems to doubt 2 of 3 tasks that the client rated: “Diary” (relevance to the client 2 of 10) and "
        "“Walk” (relevance to the client 4 of 10, practitioner 8.5)."
    )
    assert "the only task that the client rated" in said.reading(line("doubted tasks"), tasks[:1], [])


def test_very_many_are_counted_and_very_long_words_are_cut():
    tasks = [task("x" * 100, 1.0), *(task(f"T{n}", 2.0) for n in range(5))]
    text = said.reading(line("doubted tasks", 6, 6), tasks, [])
    assert "3 more." in text
    assert f"“{'x' * 59}…”" in text
    assert said.quoted("two\nlines  of\ttext") == "“two lines of text”"


def test_a_task_set_again():
    assert said.reading(line("tried without success"), [task("Walk")], []) == (
        "A task was set again that had been tried before without success: “Walk” (last set at session 7)."
    )
    assert said.reading(line("tried without success", 2), [task("A"), task("B")], []).startswith(
        "2 tasks were"
    )


def test_only_one_kind_says_of_how_many_the_kind_is_unknown():
    tasks = [task("A"), task("B", kind=None)]
    text = said.reading(line("one kind of task", 4, 5), tasks, [])
    assert (
        text == "All 4 tasks whose kind is noted are of one kind, at home; of 1 more the kind is not noted."
    )


def test_goals_of_one_side_are_told_apart():
    goals = [goal("Sleep", None), goal(None, "Rest"), goal("Work", "Job")]
    assert said.reading(line("goals of one side", 2, 3), [], goals) == (
        "2 of 3 goals stand in one side's words only: in the client's “Sleep”; in the practitioner's “Rest”. "
        "An empty cell may also mean that nobody asked."
    )
    assert "1 of 2 goals stands" in said.reading(line("goals of one side", 1, 2), [], goals[::2])
    assert "The only goal noted stands" in said.reading(line("goals of one side"), [], goals[:1])


def test_one_agreement_is_not_called_a_mean():
    low = line("goal agreement", 1, 0, lowest=3.0, agreement=3.0)
    assert said.reading(low, [], []) == "Goal agreement was 3 of 10 at session 9."
    several = said.reading(low | {"count": 2, "agreement": 6.0}, [], [])
    assert several == "Agreement on the least agreed of 2 goals was 3 of 10 at session 9."
    fell = low | {"of": 3, "level": 8.0, "error": 2.66, "fall": 5.0}
    assert said.reading(fell, [], []) == (
        "Goal agreement fell to 3 of 10 at session 9: 5 marks below the mean of the 3 rated sessions before. "
        "From 2.7 marks on that is more than it varies by."
    )
    assert "a mean of 4 of 10 over 2 goals, the lowest 3, at" in said.reading(
        fell | {"count": 2, "agreement": 4.0}, [], []
    )


def test_other_words_for_the_pair():
    terms = Terms("pupil", "teacher")
    told = said.reading(line("doubted tasks"), [task("A", 2.0, 7.0)], [], terms)
    assert (
        told
        == "The pupil seems to doubt the only task that the pupil rated: “A” (relevance to the pupil 2 of 10, teacher 7)."
    )
    assert "teacher's" in said.rule("doubted tasks", PLAIN, terms)


def everything():
    tasks = [task("A", 2.0, 7.0), task("B", 1.0, kind=None)]
    goals = [goal("A", None), goal(None, "B")]
    for name, count, fall in product(WORK_READINGS, (1, 2), (NAN, 4.0)):
        marks = {"lowest": 2.0, "agreement": 3.0, "level": 7.0, "error": 2.5}
        yield said.reading(line(name, count, 3, fall=fall, **marks), tasks, goals)
    for name in WORK_READINGS:
        yield said.question(name)
        yield said.rule(name, PLAIN)
    yield said.calm()


def test_nothing_says_what_must_not_be_said():
    for text in everything():
        assert text.strip() == text != ""
        assert not FORBIDDEN.search(text), text
        assert text.endswith((".", "?")), text
    assert all(name in said.TITLES for name in WORK_READINGS)


def test_rules_tell_the_settings_in_use():
    other = Settings(tasks=TaskSettings(doubt_line=2, doubt_difference=5, doubt_ceiling=7, one_kind_from=9))
    assert "2 or less of 10, or at most 7 and 5 or more" in said.rule("doubted tasks", other)
    assert "from 9 different tasks" in said.rule("one kind of task", other)
    assert "missing is not doubt" in said.rule("doubted tasks", PLAIN)


def kinds(**counts):
    rows = [{"kind": kind, "tasks": n} for kind, n in counts.items()]
    return [{"kind": "all", "tasks": sum(counts.values())}, *rows]


def test_what_is_noted_of_a_case():
    assert said.noted(kinds(home=2, session=1), [goal("A", "B")]) == (
        "Noted so far: 1 goal, 3 different tasks (1 in the session, 2 at home)."
    )
    assert said.noted([], []) == "Noted so far: no goal in words, no task."


@pytest.mark.parametrize(
    ("value", "n", "text"),
    [(None, 0, "not known"), (7.0, 1, "7 (once)"), (7.25, 4, "mean 7.2 (4 times)")],
)
def test_a_mean_is_called_one_from_two_on(value, n, text):
    assert said.relevance({"client_relevance": value, "client_relevance_n": n}, "client") == text


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "not known"),
        (9, "known for 9 clients, shown from 10 on"),
        (12, "mean 7 of 12 clients (6 to 8)"),
    ],
)
def test_a_mean_of_clients_says_why_it_is_not_shown(n, text):
    row = {"agreement": 7.0, "agreement_n": n, "agreement_low": 6.0, "agreement_high": 8.0}
    assert said.client_mean(row, "agreement", PLAIN) == text


def test_counts_of_answers_name_what_is_not_noted():
    row = {"done_yes": 3, "done_partly": 0, "done_no": 1, "done_unknown": 2}
    assert said.answers(row, "done") == "3 yes, 1 no, 2 not noted"
    setters = {f"set_by_{who}": 1 for who in ("client", "practitioner", "both", "other", "unknown")}
    assert said.answers(setters, "set_by", Terms("pupil", "teacher")) == (
        "1 pupil, 1 teacher, 1 both, 1 other, 1 not noted"
    )


def test_a_caseload_in_a_sentence():
    row = {"raised": 2, "judged": 5, "low": 0.118, "high": 0.769}
    assert (
        said.caseload(row)
        == "In 2 of 5 cases with goals or tasks noted there is something in them to talk about."
    )
    assert said.caseload(row | {"raised": 0}).startswith("Nothing is pointed out")
    assert "Too little is noted" in said.caseload(None)
    assert said.share(row) == "2 of 5 cases (12 % to 77 %)"
    assert said.interval(PLAIN) == "95 % interval"
    goals = {"cases": 3, "goals": 4, "named_by_both": 3, "agreement": NAN, "agreement_n": 2}
    assert said.caseload_goals(goals, PLAIN) == (
        "Noted: 4 goals of 3 clients; 1 of them in one side's words only. "
        "Latest goal agreement, 0–10: known for 2 clients, shown from 10 on."
    )
    many = goals | {"agreement": 7.0, "agreement_n": 12, "agreement_low": 6.0, "agreement_high": 8.0}
    assert said.caseload_goals(many, PLAIN).endswith(
        "mean 7 of 12 clients (6 to 8); in brackets: 95 % interval."
    )
