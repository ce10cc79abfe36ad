"""Goals and tasks on Case, Practitioner and Agenda: sentences first, then pictures and tables, and every empty state in words."""

import pytest

TASKS = "Therapist,Client,Session,Task,Kind,Set by,Client relevance,Therapist relevance,Tried before,Worked before,Done"
GOALS = "Therapist,Client,Session,Client goal,Therapist goal,Agreement"
HOSTILE = "![x](http://example.invalid/a.png) **b** <i>"


def text(header, *rows):
    return "\n".join([header, *rows]).encode()


@pytest.fixture
def worked(app, workbook):
    """The small workbook with tasks and goals of C-1 beside it."""
    tasks = text(
        TASKS,
        "P1,C-1,2,Sleep diary,home,both,8,8,no,,yes",
        "P1,C-1,6,sleep diary,home,both,3,8,yes,no,",
        f'P1,C-1,7,"{HOSTILE}",session,Therapist,,9,,,partly',
    )
    goals = text(
        GOALS,
        "P1,C-1,1,Sleep through,Steady rhythm,9",
        "P1,C-1,4,Sleep through,Steady rhythm,8",
        f'P1,C-1,7,Sleep through,Steady rhythm,3\nP1,C-1,7,"{HOSTILE}",,7',
    )
    return app.bring(("team.csv", workbook), ("tasks.csv", tasks), ("goals.csv", goals))


def table(app, column):
    return next(one.value for one in app.at.dataframe if column in one.value.columns)


def test_a_case_says_first_what_is_worth_a_word_each_with_a_question(worked):
    worked.open("case", practitioner="P1", client="C-1")
    for sentence in (
        "The client seems to doubt the only task that the client rated: “sleep diary” (relevance to the client 3 of 10, practitioner 8).",
        "A task was set again that had been tried before without success: “sleep diary” (last set at session 6).",
        # 9 and 8 before, 3 and 7 now: 8.5 − 5; σ is one mark, so 2.3·√1.5 = 2.8 are enough
        "Goal agreement fell to a mean of 5 of 10 over 2 goals, the lowest 3, at session 7: 3.5 marks below the mean of the 2 rated "
        "sessions before. From 2.8 marks on that is more than it varies by.",
        "To ask: What was in the way when it was tried before, and what is different now?",
        "Noted so far: 2 goals, 2 different tasks (1 in the session, 1 at home).",
    ):
        assert sentence in worked.words
    words = worked.words
    assert words.index("Goals and tasks") > 0
    assert "missing is not doubt" in words


def test_a_case_has_pictures_and_tables_with_words_for_those_who_do_not_see_them(worked):
    worked.open("case", practitioner="P1", client="C-1")
    assert len(worked.charts) == 7  # overall, goal, task, bond, gap; relevance, goal agreement
    assert all(chart.proto.alt for chart in worked.charts)
    assert all(one.proto.alt for one in worked.at.dataframe)
    tasks = table(worked, "no.")
    assert tasks["no."].tolist() == [1, 2]
    assert tasks["task"].tolist() == ["sleep diary", HOSTILE]  # what stands out comes first
    assert tasks["times set"].tolist() == [2, 1]
    relevance = table(worked, "client relevance")
    assert relevance.set_index("kind").loc["at home", "client relevance"] == "mean 5.5 (2 times)"
    assert relevance.set_index("kind").loc["in the session", "practitioner relevance"] == "9 (once)"
    done = table(worked, "set by").set_index("kind")["done"]
    assert done["all kinds"] == "1 yes, 1 partly, 1 not noted"
    assert table(worked, "in the client's words")["agreement, 0–10"].tolist() == [7, 3]


def test_facets_and_episodes_are_what_they_were(loaded, workbook):
    loaded.open("case", practitioner="P1", client="C-1")
    before = table(loaded, "own level")
    tasks = text(TASKS, "P1,C-1,2,Sleep diary,home,both,0,10,yes,no,no")
    loaded.bring(("team.csv", workbook), ("tasks.csv", tasks))
    loaded.open("case", practitioner="P1", client="C-1")
    assert table(loaded, "own level").equals(before)


def test_somebodys_words_never_reach_markdown(worked):
    for page in ("case", "practitioner", "agenda"):
        worked.open(page)
        read = [
            str(element.value)
            for kind in ("title", "subheader", "caption", "markdown", "info", "warning", "error", "page_link")
            for element in worked.at.get(kind)
        ]
        assert not any("![x]" in told or "http:" in told or "<i>" in told for told in read)


def test_without_the_sheets_that_is_said_and_what_to_do(loaded):
    for page in ("case", "practitioner"):
        loaded.open(page)
        assert (
            "No sheet of tasks or goals was brought in, so nothing is known of them. The template has both."
            in (loaded.words)
        )


def test_a_case_and_a_caseload_of_which_the_sheets_say_nothing(worked):
    worked.open("case", practitioner="P1", client="C-2")
    assert "The sheets of tasks and goals say nothing of this case." in worked.words
    worked.open("practitioner", practitioner="P2")
    assert "The sheets of tasks and goals say nothing of this caseload." in worked.words


def test_nothing_to_point_out_is_no_praise(app, workbook):
    tasks = text(TASKS, "P1,C-1,2,Diary,home,both,9,8,no,,yes")
    app.bring(("team.csv", workbook), ("tasks.csv", tasks)).open("case", practitioner="P1", client="C-1")
    assert "What nobody noted stays unknown." in app.words
    assert "Noted so far: no goal in words, 1 different task (1 at home)." in app.words
    assert len(app.charts) == 6


def test_goals_alone_without_an_agreement_have_no_picture(app, workbook):
    goals = text(GOALS, "P1,C-1,2,Sleep,Rest,")
    app.bring(("team.csv", workbook), ("goals.csv", goals)).open("case", practitioner="P1", client="C-1")
    assert len(app.charts) == 5
    assert "Noted so far: 1 goal, no task." in app.words
    app.open("practitioner", practitioner="P1")
    assert "Latest goal agreement, 0–10: not known." in app.words


def test_each_reading_opens_to_its_rule_and_says_why_where_it_cannot_be_decided(worked):
    worked.open("case", practitioner="P1", client="C-1")
    for part in (
        "A task counts as doubted when the relevance that the client last gave it is 4 or less of 10",
        "Mean of the 2 rated sessions before: 8.5 of 10.",
        "Not shown: 2 tasks of a known kind; from 4 on.",
        "From the optional sheet tasks.",
    ):
        assert part in worked.words


def test_a_caseload(worked):
    worked.open("practitioner", practitioner="P1")
    assert (
        "In 1 of 1 case with goals or tasks noted there is something in them to talk about." in worked.words
    )
    assert "known for 1 client, shown from 10 on" in worked.words
    assert len(worked.charts) == 4  # two cases, goal, task and bond; shares of cases
    assert all(chart.proto.alt for chart in worked.charts)
    both = table(worked, "all caseloads together")
    # Wilson's interval of 1 of 1 (z = 1.96): lower end 1/(1 + z²) = .2065
    assert both["this caseload"].tolist()[0] == "1 of 1 case (21 % to 100 %)"
    assert "“sleep diary”" in worked.words
    assert "C-1 →" in worked.words


def test_a_case_without_any_form_shows_its_tasks(app, workbook):
    tasks = text(TASKS, "P1,C-9,2,Diary,home,both,3,8,yes,no,")
    app.bring(("team.csv", workbook), ("tasks.csv", tasks)).open("case", practitioner="P1", client="C-9")
    assert "No form of this case was read" in app.words
    assert "The client seems to doubt the only task" in app.words
    assert len(app.charts) == 1
    app.open("agenda")
    assert "A task that the client seems to doubt" not in app.words


def test_one_practitioner_alone_is_not_held_against_anybody(app, made):
    csv, rows_of = made
    tasks = text(TASKS, "P1,C-1,2,Diary,home,both,3,8,no,,yes")
    app.bring(("one.csv", csv(rows_of("P1", "C-1", "Client", [4, 4, 4]))), ("tasks.csv", tasks))
    app.open("practitioner")
    assert "All caseloads together" not in app.words


def test_the_agenda_says_why(app, made):
    csv, rows_of = made
    tasks = text(TASKS, "P1,C-1,2,Diary,home,both,3,8,yes,no,")
    app.bring(("one.csv", csv(rows_of("P1", "C-1", "Client", [4, 4, 4]))), ("tasks.csv", tasks))
    app.open("agenda")
    assert "1 case to talk about in the whole team" in app.words
    assert "A task that the client seems to doubt · 1" in app.words
    assert "“Diary” (relevance to the client 3 of 10, practitioner 8)" in app.words
    assert "Also: tried before without success, and set again" in app.words
    app.open("case")
    assert "The client seems to doubt the only task" in app.words


def test_many_cases_with_something_to_say_are_paged(app, made):
    csv, rows_of = made
    clients = [f"C-{n:03}" for n in range(1, 301)]
    forms = csv(*(rows_of("P1", client, "Client", [4, 4]) for client in clients))
    tasks = text(TASKS, *(f"P1,{client},2,Diary {client},home,both,3,8,yes,no," for client in clients))
    app.bring(("many.csv", forms), ("tasks.csv", tasks)).open("practitioner")
    assert "In 300 of 300 cases" in app.words
    assert "mean 3 of 300 clients (3 to 3)" in table(app, "client relevance")["client relevance"].tolist()
    assert app.words.count("seems to doubt the only task") == 20
    app.at.pagination[-1].set_value(15)
    app.run()
    assert "“Diary C-300”" in app.words
