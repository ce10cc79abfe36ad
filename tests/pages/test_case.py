"""Case: both raters over time, the sentences, the rule, and every state in which less can be said."""


def test_a_repaired_episode_is_told_with_its_rule_and_a_question(loaded):
    loaded.open("case", practitioner="P1", client="C-1")
    assert "C-1 · P1" in loaded.words
    assert "The client's overall rating fell 50 points below its own level at session 5" in loaded.words
    assert "repaired, as far as ratings show" in loaded.words
    assert "The practitioner's rating did not register it." in loaded.words
    assert (
        "An episode opens when a rating lies, by itself or together with up to 2 before it, at least 2.8 standard errors"
        in loaded.words
    )
    assert "A question to ask" in loaded.words
    assert "Rupture" not in loaded.words


def test_charts_and_tables_have_words_for_those_who_do_not_see_them(loaded):
    loaded.open("case", practitioner="P1", client="C-1")
    assert len(loaded.charts) == 5  # overall, goal, task, bond, gap
    assert all(chart.proto.alt for chart in loaded.charts)
    assert all(table.proto.alt for table in loaded.at.dataframe)
    assert len(loaded.at.dataframe) == 2


def test_the_table_says_look_and_not_rupture(loaded):
    loaded.open("case", practitioner="P1", client="C-1")
    states = next(table.value["state"] for table in loaded.at.dataframe if "state" in table.value.columns)
    assert states.tolist() == ["too few", "too few", "rated", "rated", "episode begins", "back", "rated"]


def test_the_choice_is_kept_over_page_changes_and_stands_in_the_address(loaded):
    loaded.open("case", practitioner="P1", client="C-2")
    loaded.open("how_it_works").open("case")
    assert "C-2 · P1" in loaded.words
    assert loaded.at.query_params["client"] == "C-2"


def test_another_practitioner_brings_that_ones_first_client(loaded):
    loaded.open("case", practitioner="P1", client="C-2")
    loaded.at.selectbox(key="pick practitioner").select("P2")
    loaded.run()
    assert "C-3 · P2" in loaded.words
    assert loaded.at.query_params["client"] == "C-3"


def test_another_client_changes_page_and_address(loaded):
    loaded.open("case", practitioner="P1", client="C-2")
    loaded.at.selectbox(key="pick client").select("C-1")
    loaded.run()
    assert "C-1 · P1" in loaded.words
    assert loaded.at.query_params["client"] == "C-1"


def test_an_unknown_client_in_the_address_is_named_and_the_page_waits(loaded):
    loaded.open("case", practitioner="P1", client="C-99")
    assert "There is no client C-99 in the ratings that are loaded." in loaded.words
    assert not loaded.charts


def test_nothing_found_is_not_all_is_well(loaded):
    loaded.open("case", practitioner="P2", client="C-3")
    assert "No fall clearly beyond what ratings vary by, in 4 sessions rated by the client." in loaded.words
    assert "A question to ask" not in loaded.words


def alone(app, made, *parts):
    csv, rows_of = made
    app.bring(("one.csv", csv(*(rows_of("P1", "C-1", rater, marks, start) for rater, marks, start in parts))))
    return app.open("case")


def test_one_session(app, made):
    alone(app, made, ("Client", [4], 1), ("Therapist", [3], 1))
    assert "Too few ratings by the client to say whether anything changed." in app.words
    assert "This is the only session so far" in app.words
    assert "1 session rated by the client so far; from the third on" in app.words
    assert len(app.charts) == 5


def test_only_the_client_rated(app, made):
    alone(app, made, ("Client", [4, 4, 4], 1))
    assert "There is no form from the practitioner, so there is no gap" in app.words
    assert len(app.charts) == 4


def test_only_the_practitioner_rated(app, made):
    alone(app, made, ("Therapist", [4, 4, 4, 4], 1))
    assert "There is no form from the client, so the client's side of the alliance is unknown." in app.words
    assert "the practitioner's own level" in app.words
    assert len(app.charts) == 4


def test_both_rated_but_never_the_same_session(app, made):
    alone(app, made, ("Client", [4, 4], 1), ("Therapist", [4, 4], 3))
    assert "No session was rated by both" in app.words


def test_forms_without_any_answer_are_a_state_of_their_own(app):
    rows = "P1,C-1,1,Client,wai-sr,,,\nP1,C-1,2,Client,wai-sr,,,"
    app.bring(("empty.csv", f"Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond\n{rows}".encode()))
    app.open("case")
    assert "Nobody's overall score could be worked out for this case" in app.words
    assert not app.charts


def test_a_session_number_that_is_a_date_does_not_draw_millions_of_sessions(app):
    rows = "P1,C-1,1,Client,wai-sr,4,4,4\nP1,C-1,20250301,Client,wai-sr,4,4,4"
    app.bring(("odd.csv", f"Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond\n{rows}".encode()))
    app.open("case")
    assert len(app.charts) == 4


def test_ids_that_are_markup_are_shown_as_they_stand(app, made):
    csv, rows_of = made
    practitioner, client = "**P** <b>1</b>", "![x](http://example.invalid/a.png)"
    app.bring(("h.csv", csv(rows_of(practitioner, client, "Client", [4, 4, 4, 4, 2]))))
    for page in ("bring_in", "agenda", "practitioner", "case"):
        app.open(page)
        marked = [
            str(element.value)
            for kind in ("title", "subheader", "caption", "markdown", "info", "warning", "error", "page_link")
            for element in app.at.get(kind)
        ]
        assert not any("![x]" in text or "<b>" in text or "http:" in text or "**P" in text for text in marked)
    assert "![x]" in app.words


def labels(app):
    """What stands on the buttons that open to a measure; those below charts, which save them, aside."""
    found = [
        block.proto.popover.label.replace("\\", "").replace("\u2060", "") for block in app.at.get("popover")
    ]
    return [label for label in found if not label.startswith("Save as a picture: ")]


def test_each_figure_opens_to_its_formula_numbers_error_source_and_limits(loaded):
    """C-1: gaps −12.5, six times, and +37.5 at session 5: mean −5.4, SD 18.9, t(6) = 2.447: −23 to +12."""
    loaded.open("case", practitioner="P1", client="C-1")
    assert "Mean gap: −5 points" in labels(loaded)
    assert "−5 points · 95 % interval −23 to +12" in loaded.words
    assert "– The client rated higher in 6, the practitioner in 1, both the same in 0." in loaded.words
    assert any("interval = mean gap ± t · SD of the gaps / √n" in code.value for code in loaded.at.code)
    assert "*Source:* Tryon, Blackwell & Hammel 2007 for what is usual" in loaded.words
    assert "*Limits:* Sources disagree on whether the direction matters" in loaded.words


def test_what_else_stands_on_the_page_opens_too(loaded):
    loaded.open("case", practitioner="P1", client="C-1")
    assert {"Score", "What ratings vary by", "Episode", "Registered", "Chance"} <= set(labels(loaded))
    assert "σ = √( mean of (this rating − the one before)² / 2 )" in "\n".join(
        c.value for c in loaded.at.code
    )


def test_what_is_not_shown_says_why(loaded):
    loaded.open("case", practitioner="P1", client="C-1")
    assert "6 figures are not shown: why not" in loaded.words
    assert "7 pairs; from 10 on." in loaded.words
    assert "7 pairs on versions of one instrument; from 15 on." in loaded.words
    assert (
        "The practitioner's rating never moved over these sessions, so this cannot be told." in loaded.words
    )
    assert {"Moving together", "Moving as far", "Same marks", "Range of single gaps"} <= set(labels(loaded))


def test_from_fifteen_pairs_on_every_figure_is_shown(app, made):
    client = [3, 3.25, 4, 3.5, 3.75, 4.25, 3, 4, 3.5, 4.5, 3.25, 4, 3.75, 4.25, 3.5]
    practitioner = [3, 3, 3.5, 3.5, 3.25, 4, 3, 3.5, 3.5, 4, 3, 3.75, 3.5, 4, 3]
    alone(app, made, ("Client", client, 1), ("Therapist", practitioner, 1))
    assert "not shown" not in app.words
    shown = [label.split(":")[0] for label in labels(app) if ":" in label]
    assert shown == [
        "Mean gap", "Range of single gaps", "Moving together", "Moving as far", "Same marks", "Same marks, gap aside", "Concordance",
    ]  # fmt: skip


def test_without_pairs_the_figures_say_so(app, made):
    alone(app, made, ("Client", [4, 4, 4], 1))
    assert "7 figures are not shown: why not" in app.words
    assert "0 pairs; from 3 on." in app.words
