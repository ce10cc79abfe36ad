"""Agenda: whom to talk about, why, and what to do when there is nothing, or very much."""

import pytest


def test_the_whole_team_in_order_of_need(loaded):
    loaded.open("agenda")
    assert "2 cases to talk about in the whole team" in loaded.words
    # C-2's fall is open; C-1's came back, but P1's rating did not show it. C-3 has nothing.
    assert loaded.words.index("A fall that has not come back · 1") < loaded.words.index(
        "The client's rating fell, the practitioner's did not · 1"
    )
    assert "fell 50 points below its own level at session 5" in loaded.words
    assert "Nothing to raise for 1 other case" in loaded.words
    assert len(loaded.charts) == 2


def test_one_practitioner(loaded):
    loaded.open("agenda", **{"for": "P2"})
    assert "Nothing to talk about with P2" in loaded.words
    assert "That is not proof that all is well" in loaded.words
    assert not loaded.charts


def test_choosing_somebody_changes_the_page_and_the_address_and_is_remembered(loaded):
    loaded.open("agenda")
    loaded.at.selectbox(key="pick for").select("P1")
    loaded.run()
    assert "2 cases to talk about with P1" in loaded.words
    assert loaded.at.query_params["for"] == "P1"
    loaded.open("how_it_works").open("agenda")
    assert "with P1" in loaded.words


def test_each_line_leads_to_its_case(loaded):
    loaded.open("agenda")
    links = {link.value.replace("\\", ""): link.proto.query_string for link in loaded.at.get("page_link")}
    assert links["C-2 · P1 →"] == "practitioner=P1&client=C-2"


def test_every_chart_and_table_says_in_words_what_it_shows(loaded):
    loaded.open("agenda")
    assert all(chart.proto.alt for chart in loaded.charts)
    assert all(table.proto.alt for table in loaded.at.dataframe)
    assert len(loaded.at.dataframe) == 1


def test_an_unknown_practitioner_in_the_address_is_named(loaded):
    loaded.open("agenda", **{"for": "P99"})
    assert "There is no practitioner P99" in loaded.words


@pytest.fixture
def crowd(app, made):
    """Forty cases, all with an open fall."""
    csv, rows_of = made
    return app.bring(
        ("crowd.csv", csv(*(rows_of("P1", f"C-{n:02}", "Client", [4] * 8 + [2]) for n in range(1, 41))))
    )


def test_very_many_cases_are_paged_and_counted(crowd):
    crowd.open("agenda")
    assert "40 cases to talk about in the whole team" in crowd.words
    assert len(crowd.charts) == 15
    assert "Shown: 15 cases of 40." in crowd.words
    crowd.at.pagination[0].set_value(3)
    crowd.run()
    assert len(crowd.charts) == 10
    assert "C-40 · P1 →" in crowd.words


def test_what_the_reasons_rest_on_opens_to_its_formula(loaded):
    loaded.open("agenda")
    labels = {block.proto.popover.label for block in loaded.at.get("popover")}
    assert {"Episode", "Registered", "Slow fall", "Readings", "Chance"} <= labels
    assert "*Source:* our choice, after Gumz et al. 2012" in loaded.words


def test_a_very_long_list_of_the_others_is_sent_in_parts(loaded, made, monkeypatch):
    monkeypatch.setattr("pages.parts.tables.AT_ONCE", 2)
    csv, rows_of = made
    loaded.bring(
        ("calm.csv", csv(*(rows_of("P1", f"C-{n}", "Client", [4, 4.25, 4, 4.25]) for n in range(1, 6))))
    )
    loaded.open("agenda")
    assert "Shown: 2 of 5 rows." in loaded.words
    assert loaded.at.dataframe[0].value["client"].tolist() == ["C-1", "C-2"]
    loaded.at.pagination[0].set_value(3)
    loaded.run()
    assert loaded.at.dataframe[0].value["client"].tolist() == ["C-5"]
