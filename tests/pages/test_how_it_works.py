"""How it works: nothing that is computed, set or shown goes without its explanation."""

import pytest

from alliance_core import benchmarked, rules_in_words
from alliance_core.instruments import instruments
from alliance_core.measures.detectors import DETECTORS
from alliance_core.measures.explained import measures, needed
from alliance_core.review.talk import REASON_TITLES
from alliance_core.settings import Settings, describe
from alliance_core.tables import PRACTITIONERS


@pytest.fixture
def page(app):
    return app.open("how_it_works")


def test_the_alliance_itself_is_one_click_away(page):
    links = [link.proto.page for link in page.at.get("page_link")]
    assert "learn" in links


def test_what_is_not_claimed(page):
    for sentence in (
        "It never says that\n   a rupture happened",
        "Unknown stays unknown",
        "Having no ruptures is not quality",
    ):
        assert sentence in page.words


@pytest.mark.parametrize("reason", REASON_TITLES.values())
def test_every_reason_to_talk_about_a_case_is_explained(page, reason):
    told = page.words.lower().replace("**", "")
    explained = {
        "A fall that has not come back": "open",
        "The client's rating fell, the practitioner's did not": "blind spot",
        "A fall that was not repaired": "not repaired",
    }
    assert explained.get(reason, reason).lower() in told


@pytest.mark.parametrize(
    "outcome", ["repaired", "repaired, stronger", "not repaired", "open", "not back at the last form"]
)
def test_every_outcome_is_explained(page, outcome):
    assert f"**{outcome}**" in page.words


@pytest.mark.parametrize("measure", measures().values(), ids=measures())
def test_every_measure_is_explained_with_formula_source_and_limits(page, measure):
    assert measure.name in page.words
    for part in (measure.meaning, measure.error, f"*Source:* {measure.source}. *Limits:* {measure.limits}"):
        assert part.replace("\\", "") in page.words
    if measure.formula:
        assert "\n".join(measure.formula) in [code.value for code in page.at.code]
    if measure.needs:
        assert f"Needs: {needed(measure, Settings())}." in page.words


def test_numbers_of_sessions_are_those_in_use(loaded):
    assert "Needs: 10 paired sessions." in loaded.open("how_it_works").words


@pytest.mark.parametrize("rule", DETECTORS.values(), ids=lambda rule: rule.name)
def test_every_rule_is_explained_with_its_weakness_and_its_number(page, rule):
    told = page.words.replace("\\", "")
    used = ", in use" if rule.name == "last_three" else ""
    assert f"**{rule.title}** (rule {rule.name}{used})" in told
    for part in (rule.explanation, rule.weakness, rule.source):
        assert part in page.words
    number = next(line for line in describe(Settings()) if line.key == rule.threshold)
    assert f"Its number is {number.shown} ({number.unit}): {number.meaning}." in page.words
    assert "\n".join(rules_in_words.formula(rule.name, Settings())) in [code.value for code in page.at.code]


def test_every_setting_is_listed_with_the_value_in_use(app):
    page = app.open("settings")
    table = next(t.value for t in page.at.dataframe if "setting" in t.value.columns)
    assert table["key"].tolist() == [line.key for line in describe(Settings())]
    assert table.set_index("key").loc["episodes.z_open", "value"] == "2.3"


def test_every_instrument_is_listed_with_its_key_and_the_unverified_one_is_marked(page):
    table = next(t.value for t in page.at.dataframe if "key verified" in t.value.columns).set_index("id")
    assert table.index.tolist() == list(instruments())
    assert table.loc["wai-sr", "bond"] == "3 5 7 9"
    assert table.loc["wai-srt", "key verified"] == "no: check"
    assert table.loc["wai-sr", "key verified"] == "yes"


def test_settings_say_whether_they_were_used(loaded):
    loaded.open("settings")
    assert "These settings were used for the ratings that are loaded." in loaded.words


def test_words_used_for_practitioners_are_not_ranks(page):
    assert "never ranks people" in page.words
    assert "rank" not in " ".join(PRACTITIONERS.names)


def test_how_often_the_rules_are_wrong_is_said_with_numbers_picture_and_table(page):
    assert "the rule last_three makes 0.6 false alarms in 100 sessions of simulated cases" in page.words
    assert "of simulated ruptures" in page.words
    assert any("false alarms per 100 sessions" in table.value.columns for table in page.at.dataframe)


def test_without_the_benchmark_nothing_is_claimed(app, monkeypatch):
    monkeypatch.setattr(benchmarked, "_read", lambda name: None)
    assert "nothing is said of how often the rules are wrong" in app.open("how_it_works").words
