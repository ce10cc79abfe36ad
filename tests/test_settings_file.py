"""Settings as a file: what is written is read again, and a change carries its day and its reason."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.settings import Settings, SettingsError
from alliance_core.settings_file import adopted, changed, parse_settings, to_toml

DAY = date(2026, 3, 31)
REASON = 'agreed by the team: fewer, "surer" flags\nfor a trial – until June'


def test_our_own_settings_are_an_empty_file_but_for_its_head():
    assert all(line.startswith("#") or not line for line in to_toml(Settings()).splitlines())
    assert parse_settings(to_toml(Settings()).encode()) == Settings()


def test_a_change_is_written_with_its_day_and_its_reason():
    after = adopted(Settings(), {"episodes.z_open": 2.5, "detection.method": "last_three"}, REASON, DAY)
    assert (after.episodes.z_open, after.detection.method) == (2.5, "last_three")
    assert [(one.date, one.key, one.before, one.after) for one in after.changes] == [
        ("2026-03-31", "detection.method", "baseline", "last_three"),
        ("2026-03-31", "episodes.z_open", "2.3", "2.5"),
    ]
    assert {one.reason for one in after.changes} == {REASON}
    assert parse_settings(to_toml(after).encode()) == after


def test_what_is_no_change_is_not_noted_and_earlier_changes_stay():
    once = adopted(Settings(), {"episodes.window": 4}, "first", DAY)
    twice = adopted(once, {"episodes.window": 4, "episodes.z_open": 2.0}, "second", DAY)
    assert [one.reason for one in twice.changes] == ["first", "second"]


def test_settings_are_not_changed_in_place():
    before = Settings()
    adopted(before, {"episodes.window": 4}, "", DAY)
    assert before == Settings()


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [("episodes.z_open", 0, "episodes.z_open"), ("episodes.z_open", float("nan"), "finite")],
)
def test_a_value_that_cannot_be_is_refused_in_a_sentence(key, value, says):
    with pytest.raises(SettingsError, match=says):
        changed(Settings(), key, value)


def test_a_change_without_a_day_is_refused_by_name():
    text = '[[changes]]\ndate = "soon"\nkey = "a"\nbefore = "1"\nafter = "2"\nreason = ""\n'
    with pytest.raises(SettingsError, match=r"^mine\.toml: changes\.0\.date: "):
        parse_settings(text.encode(), "mine.toml")


@given(
    st.floats(0.5, 9),
    st.integers(1, 9),
    st.dictionaries(st.text(max_size=9), st.floats(-1e6, 1e6)),
    st.text(max_size=40),
)
def test_whatever_is_set_is_read_again(z, window, lines, reason):
    settings = adopted(Settings(), {"episodes.z_open": z, "episodes.window": window}, reason, DAY)
    settings = changed(settings, "threshold.lines", lines)
    assert parse_settings(to_toml(settings).encode()) == settings
