import pytest
from pydantic import ValidationError

from alliance_core.reading import ChoicesError, ReadingChoices, load_choices


def test_everything_may_be_left_out(tmp_path):
    path = tmp_path / "profile.toml"
    path.write_text("", encoding="utf-8")
    assert load_choices(path) == ReadingChoices()


def test_a_profile_holds_all_choices(tmp_path):
    path = tmp_path / "profile.toml"
    path.write_text(
        'range = [0, 10]\ndate_order = "mdy"\n[instrument]\nclient = "sai"\npractitioner = "wai-srt"\n'
        '[columns]\n"Fach kraft" = "practitioner"\nX1 = "client item 1"\n',
        encoding="utf-8",
    )
    found = load_choices(path)
    assert (found.range, found.date_order) == ((0, 10), "mdy")
    assert [found.instrument_for(rater) for rater in ("client", "practitioner", "observer")] == [
        "sai",
        "wai-srt",
        None,
    ]
    assert found.columns == {"Fach kraft": "practitioner", "X1": "client item 1"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('instrument = "phq-9"', "instrument: phq-9 is not known; accepted are facets, four-lines"),
        ("range = [5, 1]", "the lowest mark comes first"),
        ('date_order = "ymd"', "date_order"),
        ('[columns]\nX = "height"', "columns: height is no meaning of a column"),
        ('colour = "red"', "colour"),
        ("range = [1", "is not a TOML file"),
    ],
)
def test_a_wrong_profile_is_one_sentence_naming_file_and_key(tmp_path, content, says):
    path = tmp_path / "profile.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ChoicesError, match=r"profile\.toml: ") as raised:
        load_choices(path)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_profile_that_is_not_there(tmp_path):
    with pytest.raises(ChoicesError, match=r"none\.toml: cannot be opened"):
        load_choices(tmp_path / "none.toml")


def test_choices_do_not_change():
    with pytest.raises(ValidationError):
        ReadingChoices().range = (1, 5)
