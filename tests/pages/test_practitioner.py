"""Practitioner: the caseload in small, the usual gap, recognition with its interval."""


def test_a_caseload(loaded):
    loaded.open("practitioner", practitioner="P1")
    assert "P1 · 2 cases · 12 sessions" in loaded.words
    # C-1: repaired; C-2: open.
    assert "2 episodes found in clients' ratings: 1 repaired; 1 not back at the last form." in loaded.words
    # Gaps, points: (3.5 − 4)/4 = −12.5 in ten pairs, (3.5 − 2)/4 = +37.5 in two: mean −4.17.
    assert "Usual gap −4 points" in loaded.words
    assert "Over 12 sessions that both rated." in loaded.words
    # Wilson's interval of 0 of 2 (z = 1.96): upper end z²/(n + z²) = .658.
    assert "registered 0 of 2" in loaded.words
    assert "between 0% and 66%" in loaded.words
    assert all(chart.proto.alt for chart in loaded.charts)
    assert len(loaded.charts) == 3  # two cases, and goal, task and bond


def test_cases_to_talk_about_come_first(loaded):
    loaded.open("practitioner", practitioner="P1")
    assert loaded.words.index("C-2 →") < loaded.words.index("C-1 →")


def test_no_episode_is_no_praise(loaded):
    loaded.open("practitioner", practitioner="P2")
    assert "That is not proof that all is well." in loaded.words
    assert "nothing can be said of recognition" in loaded.words
    assert "None were found." in loaded.words


def test_without_practitioners_forms_there_is_no_usual_gap(app, made):
    csv, rows_of = made
    app.bring(("one.csv", csv(rows_of("P1", "C-1", "Client", [4, 4, 4]))))
    app.open("practitioner")
    assert "there is no usual gap" in app.words


def test_too_few_ratings_to_say_is_said(app, made):
    csv, rows_of = made
    app.bring(("few.csv", csv(rows_of("P1", "C-1", "Client", [4, 4]))))
    app.open("practitioner")
    assert "Too few ratings by the clients to say whether anything changed in these cases." in app.words


def test_a_large_caseload_is_paged(app, made):
    csv, rows_of = made
    app.bring(("many.csv", csv(*(rows_of("P1", f"C-{n:02}", "Client", [4, 4]) for n in range(1, 36)))))
    app.open("practitioner")
    assert "Shown: 30 cases of 35." in app.words
    assert len(app.charts) == 31


def test_without_parts_they_are_unknown(app):
    rows = "\n".join(f"P1,C-1,{n},Client,{mark}" for n, mark in enumerate([30, 31, 29], start=1))
    app.bring(("total.csv", f"Therapist,Client,Session,Rated by,Total\n{rows}".encode()))
    app.at.number_input(key="lowest mark").set_value(0.0)
    app.at.number_input(key="highest mark").set_value(40.0)
    app.click("Read again with these answers")
    app.open("practitioner")
    assert "so they are unknown" in app.words
    app.open("case")
    assert "goal, task and bond are unknown" in app.words


def test_an_unknown_practitioner_in_the_address_is_named_and_the_page_waits(loaded):
    loaded.open("practitioner", practitioner="P99")
    assert "There is no practitioner P99 in the ratings that are loaded." in loaded.words
    assert not loaded.charts
    loaded.at.selectbox(key="pick practitioner").select("P2")
    loaded.run()
    assert "P2 · 1 case · 4 sessions" in loaded.words
