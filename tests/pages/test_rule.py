"""The rule that finds falls: chosen in one place, said on every page, and what it finds by chance."""

import pytest

from alliance_core import rules_in_words
from alliance_core.measures.detectors import DETECTORS
from alliance_core.settings import Settings

PAGES = {
    "agenda": {},
    "practitioner": {"practitioner": "P1"},
    "case": {"practitioner": "P1", "client": "C-1"},
}


def choose(app, rule):
    app.open("how_it_works", part="rules")
    app.at.selectbox(key="rule").select(rule)
    return app.run()


def links(app):
    return {
        link.value.replace("\\", "").replace("\u2060", ""): link.proto.query_string
        for link in app.at.get("page_link")
    }


@pytest.fixture
def step(loaded):
    return choose(loaded, "step")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_its_rule_and_leads_to_its_explanation(loaded, page):
    loaded.open(page, **PAGES[page])
    assert links(loaded)["rule: last_three →"] == "part=rules"


def test_the_rules_are_the_first_thing_seen_where_the_address_asks_for_them(app):
    for query, first in (({"part": "rules"}, "Rules"), ({}, ""), ({"part": "no such part"}, "")):
        app.open("how_it_works", **query)
        assert app.at.get("tab_container")[0].proto.tab_container.default_tab_index == (2 if first else 0)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_to_the_formula_of_its_rule_how_sure_it_is_and_its_source(step, page):
    step.open(page, **PAGES[page])
    codes = [code.value for code in step.at.code]
    assert "\n".join(rules_in_words.formula("step", Settings())) in codes
    assert not any("\n".join(rules_in_words.formula("baseline", Settings())) == code for code in codes)
    assert "How sure: On simulated cases it makes " in step.words
    assert f"Source: {DETECTORS['step'].source}." in step.words


def test_a_chosen_rule_is_noted_like_an_adopted_one(step):
    (change,) = step.at.session_state["settings in use"].changes
    assert (change.key, change.before, change.after) == ("detection.method", "last_three", "step")
    assert change.reason == "chosen on How it works"


@pytest.mark.parametrize("page", PAGES)
def test_another_rule_runs_through_all_pages(step, page):
    step.open(page, **PAGES[page])
    assert "rule: step →" in links(step)
    assert "rule: last_three →" not in links(step)
    assert "Rule step. An episode opens when a rating lies at least 2 standard deviations" in step.words


def test_the_words_are_those_of_the_rule(step):
    step.open("case", **PAGES["case"])
    assert "fell 50 points below the rating before it at session 5" in step.words
    assert "back near that level at session 6" in step.words
    assert "own level" not in step.words
    table = next(table.value for table in step.at.dataframe if "state" in table.value.columns)
    assert table["level"].fillna(-1).tolist() == [-1, 75, 75, 75, 75, -1, 75]
    assert table["state"].tolist() == [
        "too few",
        "rated",
        "rated",
        "rated",
        "episode begins",
        "back",
        "rated",
    ]


def test_the_rule_in_use_comes_first_and_stands_in_the_settings(step):
    assert "**A step down in standard deviations** (rule step, in use)" in step.words
    assert step.words.index("(rule step, in use)") < step.words.index("(rule baseline)")
    step.open("settings")
    settings = next(table.value for table in step.at.dataframe if "setting" in table.value.columns)
    assert settings.set_index("key").loc["detection.method", "value"] == "step (shipped: last_three)"


def test_the_rule_stays_for_the_next_ratings_and_goes_with_the_data(step, workbook):
    step.bring(("other.csv", workbook)).open("agenda")
    assert "rule: step →" in links(step)
    step.open("bring_in").click("Clear my data")
    step.bring(("team.csv", workbook)).open("agenda")
    assert "rule: last_three →" in links(step)


def test_a_rule_can_be_chosen_before_there_are_ratings(app, workbook):
    choose(app, "sudden_loss").bring(("team.csv", workbook)).open("case", **PAGES["case"])
    assert "rule: sudden_loss →" in links(app)
    assert "This rule looks ahead" in app.words
    # One rating at 5 is back at 6, so nothing was lost for good.
    assert "The rule finds no fall, in 7 sessions rated by the client." in app.words


def test_a_rule_that_can_say_nothing_says_so(loaded):
    choose(loaded, "threshold")
    assert "this rule can say nothing" in loaded.words
    loaded.open("case", **PAGES["case"])
    assert "No line is stated for this form" in loaded.words
    loaded.open("practitioner", practitioner="P1")
    assert "rule: threshold →" in links(loaded)


def test_four_lines_have_a_line_of_their_own(app):
    """A total of 36 is 90 % of the maximum; session 4 has 32, with a lowest line of 5: 40 points below."""
    header = "Therapist,Client,Session,Rated by,Instrument,Relationship,Goals and topics,Approach or method,Overall"
    marks = ["9,9,9,9", "10,9,9,9", "9,9,9,9", "5,9,9,9", "9,9,9,9"]
    rows = [f"P1,C-1,{n},Client,four-lines,{one}" for n, one in enumerate(marks, 1)]
    app.bring(("four.csv", "\n".join([header, *rows]).encode()))
    choose(app, "threshold").open("case", **PAGES["case"])
    assert "fell 40 points below the stated line at session 4" in app.words
    assert "back near that level at session 5" in app.words
    assert "Thin dashes: the stated line;" in app.words


def test_a_rule_that_needs_more_sessions_says_how_many(loaded):
    choose(loaded, "control_chart").open("case", practitioner="P1", client="C-2")
    assert "5 sessions rated by the client so far; from the 7th on" in loaded.words
    assert "Too few ratings by the client to say" in loaded.words


@pytest.mark.parametrize("rule", DETECTORS)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_stands_with_every_rule(loaded, rule, page):
    choose(loaded, rule).open(page, **PAGES[page])
    assert f"rule: {rule} →" in links(loaded)
    assert f"Rule {rule}. An episode opens when a rating " in loaded.words
    assert DETECTORS[rule].weakness in loaded.words


def test_deep_links_keep_working_with_another_rule(step):
    step.open("case", practitioner="P2", client="C-3")
    assert "C-3 · P2" in step.words


def test_what_chance_gives_stands_beside_what_was_found(loaded):
    """C-1: one 2 among seven; at the 3rd to 7th place of a random order it is seen, so 5 of 7 orders find it. C-2: 3 of 5."""
    loaded.open("practitioner", practitioner="P1")
    line, _ = (text.value for text in loaded.at.text if text.value.startswith("2 falls found;"))
    expected = float(line.split("; ")[1].split()[0])
    assert expected == pytest.approx(5 / 7 + 3 / 5, abs=0.11)
    assert line.endswith("in steady cases with the same noise.")
    assert "in a random order, 200 orders" in loaded.words
    loaded.open("agenda")
    assert "2 falls found; " in loaded.words
    loaded.open("agenda", **{"for": "P2"})
    assert "0 falls found; 0.0 expected from chance order" in loaded.words
    loaded.open("case", **PAGES["case"])
    assert "1 fall found; " in loaded.words


def test_without_ratings_by_clients_chance_has_nothing_to_say(app, made):
    csv, rows_of = made
    app.bring(("one.csv", csv(rows_of("P1", "C-1", "Therapist", [4, 4, 4, 4]))))
    for page in ("agenda", "practitioner", "case"):
        app.open(page)
        assert " found; " not in app.words
        assert "How many falls chance alone gives is not shown: no client rated an overall here." in app.words


def test_a_slow_fall_is_told_on_the_agenda(app, made):
    csv, rows_of = made
    marks = [4.0, 4.0, 3.9, 3.9, 3.8, 3.8, 3.7, 3.7, 3.6, 3.6]
    steady = [
        [3, 3.4, 3.1, 3.3, 3.0, 3.3, 3.2, 3.4, 3.0, 3.3],
        [4, 4.3, 4.1, 4.2, 4.1, 4.3, 4.0, 4.3, 4.2, 4.2],
    ] * 2
    app.bring(
        (
            "slow.csv",
            csv(
                rows_of("P1", "C-1", "Client", marks),
                *(rows_of("P1", f"C-{n}", "Client", one) for n, one in enumerate(steady, 2)),
            ),
        )
    )
    app.open("agenda")
    assert "Falling slowly · 1" in app.words
    assert "went down bit by bit, by 11 points over the 10 usual ratings from session 1 on" in app.words
