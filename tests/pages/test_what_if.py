"""What if: looking at another number, adopting it with a reason, and what is kept of that."""

import pytest

from alliance_core.measures.explained import measures
from alliance_core.settings_file import parse_settings, to_toml


@pytest.fixture
def page(loaded):
    return loaded.open("what_if")


def move(page, value):
    page.at.slider[0].set_value(value)
    return page.run()


def adopt(page, reason):
    page.at.text_input[0].set_value(reason)
    return page.click("Adopt this setting")


def test_without_ratings_the_page_says_what_to_do(app):
    assert "No ratings have been brought in yet" in app.open("what_if").words


def test_it_begins_with_what_is_in_use(page):
    assert "The setting in use: the rule" in page.words
    assert "2 falls in 2 cases" in page.words
    assert "This is what is in use." in page.words
    assert len(page.charts) == 1


def test_another_number_is_told_in_a_sentence(page):
    top = page.at.slider[0].max
    move(page, top)
    assert f"at {top:g} instead of" in page.words
    assert "On simulated cases it makes" in page.words
    assert [list(table.value.columns) for table in page.at.dataframe] == [
        ["practitioner", "cases", "falls now", "falls then"]
    ]


def test_another_rule_can_be_looked_at(page):
    page.at.selectbox[0].set_value("step")
    page.run()
    assert "With the rule step at 2 instead of the rule" in page.words


def test_the_rule_opens_to_its_formula_at_the_number_that_is_looked_at(page):
    move(page, 2.35)
    assert "z ≥ 2.35 and b − rating ≥ 1·σ" in "\n".join(code.value for code in page.at.code)
    assert "Known weakness: " in page.words
    assert measures()["by_chance"].limits in page.words


def test_a_rule_with_lines_says_where_they_are_stated(page):
    page.at.selectbox[0].set_value("threshold")
    page.run()
    assert "under threshold.lines" in page.words
    assert not page.at.slider


def test_a_setting_is_adopted_only_with_a_reason(page):
    adopt(move(page, 2.0), "  ")
    assert "Write a reason" in page.words
    assert "What was changed, and why" not in page.words


def test_what_is_adopted_is_used_by_every_page_noted_and_kept_as_a_file(page):
    adopt(move(page, 2.0), "fewer missed, we have time to look")
    assert "What was changed, and why" in page.words
    table = page.at.dataframe[-1].value
    assert table["reason"].tolist() == ["fewer missed, we have time to look"]
    assert table["after"].tolist() == ["2"]
    assert table["date"].dt.normalize().equals(table["date"])
    assert table["date"].notna().all()
    settings = page.at.session_state["settings in use"]
    assert settings.changes[0].key.endswith(".z_open")
    assert page.at.session_state["loaded"].analysis.settings == settings
    labels = [button.proto.label for button in page.at.get("download_button")]
    assert labels == ["PNG", "SVG", "Download these settings"]  # the chart as a picture, and the settings
    page.open("agenda").open("what_if")
    assert "What was changed, and why" in page.words
    assert "This is what is in use." in page.words


def test_a_reason_is_never_markup(page):
    adopt(move(page, 2.0), "![x](http://example.invalid/x.png) <b>=1+1</b>")
    assert page.at.dataframe[-1].value["reason"].tolist() == [
        "![x](http://example.invalid/x.png) <b>=1+1</b>"
    ]
    text = page.at.session_state["settings in use"].changes[0].reason
    kept = parse_settings(to_toml(page.at.session_state["settings in use"]).encode())
    assert kept.changes[0].reason == text
