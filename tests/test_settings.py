"""Every threshold is data with unit and source, and a settings file that cannot be used says why in one sentence."""

import pytest
from pydantic import ValidationError

from alliance_core.settings import Settings, SettingsError, describe
from alliance_core.settings_file import load_settings


def written(folder, text):
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_defaults_are_those_of_the_method():
    """METHODS 3 to 5, typed."""
    values = {line.key: line.value for line in describe(Settings())}
    assert values == {
        "terms.client": "client",
        "terms.clients": "",
        "terms.practitioner": "practitioner",
        "terms.practitioners": "",
        "display.masked": False,
        "display.dates": "D MMM YYYY",
        "display.numbers": "1,234.5",
        "display.paper": "A4",
        "noise.min_differences": 30,
        "noise.dependability": 0.77,
        "noise.min_scores": 30,
        "noise.fallback_sd": 15,
        "noise.floor": 1,
        "noise.pooled_from": 10,
        "noise.pooled_at_most": 4,
        "detection.method": "baseline",
        "episodes.z_open": 2.3,
        "episodes.z_strain": 1.65,
        "episodes.min_drop_sigma": 1,
        "episodes.min_baseline": 2,
        "episodes.return_share": 0.75,
        "episodes.window": 3,
        "episodes.strengthened_sigma": 0.5,
        "episodes.strengthened_sessions": 2,
        "episodes.ended_after_days": 60,
        "episodes.registered_share": 0.5,
        "episodes.nearby_sessions": 1,
        "episodes.marker_significance": 3,
        "last_three.z_open": 2.8,
        "last_three.z_strain": 2,
        "last_three.sessions": 3,
        "step.k": 2,
        "step.from_highest_of": 1,
        "step.own_sd_from": 4,
        "reliable_change.z": 1.96,
        "reliable_change.reliability": 0.77,
        "control_chart.limit": 3,
        "control_chart.first_sessions": 6,
        "sudden_loss.z": 1.96,
        "sudden_loss.sessions": 3,
        "sudden_loss.confidence": 0.95,
        "sudden_loss.share": 0,
        "threshold.lines": {},
        "chance.shuffles": 200,
        "chance.budget": 2_000_000,
        "chance.seed": 1,
        "agreement.mean_from": 3,
        "agreement.interval_from": 6,
        "agreement.interval_level": 0.95,
        "agreement.congruence_from": 5,
        "agreement.correlation_from": 10,
        "agreement.limits_from": 15,
        "agreement.limits_width": 1.96,
        "agreement.largest_correlation": 0.99,
        "agreement.widening_last": 3,
        "agreement.widening_earlier": 3,
        "practitioners.name_from": 10,
        "practitioners.name_reliability": 0.5,
        "practitioners.funnel_from": 10,
        "practitioners.funnel_inner": 1.96,
        "practitioners.funnel_outer": 3.09,
        "practitioners.funnel_winsorised": 0.1,
        "over_time.months": 3,
        "over_time.clients_from": 5,
        "over_time.falls_from": 5,
        "suppression.min_clients": 10,
        "suppression.min_practitioners": 3,
        "service.months": 3,
        "service.settle_days": 14,
        "readings.ceiling_sessions": 4,
        "readings.missing_sessions": 2,
        "readings.falling_z": 2,
        "readings.falling_from": 6,
        "readings.falling_sessions": 12,
        "readings.recent_sessions": 6,
        "readings.far_days": 180,
        "readings.far_share": 0.01,
        "agenda.minutes_a_case": 3,
        "review.changed_points": 1,
        "tasks.doubt_line": 4,
        "tasks.doubt_difference": 4,
        "tasks.doubt_ceiling": 6,
        "tasks.one_kind_from": 4,
        "goals.agreement_line": 4,
    }


def test_every_setting_says_what_it_means_in_which_unit_and_whence():
    for line in describe(Settings()):
        assert line.meaning, line.key
        assert line.unit, line.key
        assert line.source, line.key


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path):
    found = load_settings(written(tmp_path, "[episodes]\nwindow = 4\n"))
    assert found.episodes.window == 4
    assert found.model_copy(update={"episodes": Settings().episodes}) == Settings()


def test_lines_are_stated_by_instrument_and_shown_so(tmp_path):
    found = load_settings(written(tmp_path, "[threshold.lines]\nwai-sr = 3.5\nsai = 3\n"))
    assert found.threshold.lines == {"wai-sr": 3.5, "sai": 3}
    shown = {line.key: line.shown for line in describe(found)}
    assert shown["threshold.lines"] == "wai-sr 3.5, sai 3"
    assert shown["detection.method"] == "baseline"
    assert shown["noise.dependability"] == "0.77"


def test_an_empty_file_gives_the_defaults(tmp_path):
    assert load_settings(written(tmp_path, "")) == Settings()


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ("[episodes]\nwindow = 0", "episodes.window", "greater than or equal to 1"),
        ("[episodes]\nwindow = 2.5", "episodes.window", "integer"),
        ("[episodes]\nz_open = nan", "episodes.z_open", "finite"),
        ("[episodes]\nz_open = inf", "episodes.z_open", "finite"),
        ("[episodes]\nz_open = 0", "episodes.z_open", "greater than 0"),
        ("[episodes]\nreturn_share = 1.1", "episodes.return_share", "less than or equal to 1"),
        ("[episodes]\nmin_baseline = 1", "episodes.min_baseline", "greater than or equal to 2"),
        ("[noise]\ndependability = 1.0", "noise.dependability", "less than 1"),
        ('[noise]\nfloor = "one"', "noise.floor", "number"),
        (
            '[detection]\nmethod = "steps"',
            "detection.method",
            "'baseline', 'last_three', 'step', 'reliable_change'",
        ),
        ('[threshold.lines]\nwai-sr = "low"', "threshold.lines.wai-sr", "number"),
        ("[threshold.lines]\nwai-sr = inf", "threshold.lines.wai-sr", "finite"),
        ("[noise]\ncolour = 1", "noise.colour", "not permitted"),
        ("[colours]\nred = 1", "colours", "not permitted"),
        ("episodes = 3", "episodes", "dictionary"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(tmp_path, text, key, says):
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, text))
    message = str(caught.value)
    assert message.startswith(f"mine.toml: {key}: ")
    assert says in message
    assert message.endswith(".")
    assert "\n" not in message


@pytest.mark.parametrize("content", [b"window = ", b"\xff\xfe\x00", "name = 'ä'".encode("latin-1")])
def test_a_file_that_is_not_toml_is_refused(tmp_path, content):
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"^mine\.toml: is not a TOML file"):
        load_settings(path)


def test_a_file_that_is_not_there_is_refused_without_its_folder(tmp_path):
    with pytest.raises(SettingsError, match=r"^mine\.toml: cannot be opened") as caught:
        load_settings(tmp_path / "mine.toml")
    assert str(tmp_path) not in str(caught.value)


def test_settings_cannot_be_changed_in_place():
    with pytest.raises(ValidationError, match="frozen"):
        Settings().episodes.window = 5
