"""The instruments that are shipped, held against their published keys, and what the loader refuses."""

import pytest

from alliance_core.instruments import InstrumentError, instruments, load_instruments

SHIPPED = instruments()

# Typed from the publications, as METHODS of the product lists them.
KEYS = {
    # Hatcher & Gillaspy 2006
    "wai-sr": (12, (1, 5), "1 2 10 12", "3 5 7 9", "4 6 8 11", ""),
    # Tracey & Kokotovic 1989
    "wai-s": (12, (1, 7), "1 2 8 12", "3 5 7 9", "4 6 10 11", "4 10"),
    # Horvath & Greenberg 1989
    "wai-36": (
        36,
        (1, 7),
        "2 4 7 11 13 15 16 18 24 31 33 35",
        "1 5 8 17 19 20 21 23 26 28 29 36",
        "3 6 9 10 12 14 22 25 27 30 32 34",
        "1 3 7 9 10 11 12 15 20 27 29 31 33 34",
    ),
    # Hatcher et al. 2020
    "wai-srt": (10, (1, 5), "1 4 10", "2 5 7 9", "3 6 8", ""),
    # Falkenström et al. 2015
    "sai": (6, (0, 5), "", "", "", ""),
    "four-lines": (4, (0, 10), "3", "1", "2", ""),
    "facets": (0, None, "", "", "", ""),
    "total": (0, None, "", "", "", ""),
}


def numbers(text):
    return tuple(int(word) for word in text.split())


def test_every_instrument_is_shipped_and_no_other():
    assert set(SHIPPED) == set(KEYS)


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_as_published(name):
    items, marks, task, bond, goal, backwards = KEYS[name]
    found = SHIPPED[name]
    assert (found.items, found.range, found.reversed) == (items, marks, numbers(backwards))
    keyed = {"task": numbers(task), "bond": numbers(bond), "goal": numbers(goal)}
    assert found.facets == {facet: key for facet, key in keyed.items() if key}


@pytest.mark.parametrize("name", [name for name, (items, *_) in KEYS.items() if items])
def test_three_quarters_of_a_facet_and_five_sixths_of_all_items_are_needed(name):
    found = SHIPPED[name]
    needed = {facet: -(-3 * len(key) // 4) for facet, key in found.facets.items()}
    needed["overall"] = 4 if name == "four-lines" else -(-5 * found.items // 6)
    assert found.minimum_answered == needed


@pytest.mark.parametrize(
    ("name", "raters"),
    [
        ("wai-sr", {"client", "practitioner"}),
        ("wai-s", {"client", "practitioner"}),
        ("wai-36", {"client", "practitioner"}),
        ("wai-srt", {"practitioner"}),
        ("sai", {"client"}),
        ("four-lines", {"client"}),
        ("facets", {"client", "practitioner"}),
        ("total", {"client", "practitioner"}),
    ],
)
def test_who_fills_it_in(name, raters):
    assert set(SHIPPED[name].raters) == raters


def test_what_could_not_be_checked_says_so():
    unverified = {name for name, one in SHIPPED.items() if not one.verified}
    assert unverified == {"wai-s", "wai-srt"}
    assert all(SHIPPED[name].caution for name in unverified)


def test_every_instrument_names_source_rights_and_the_reliability_between_sessions():
    for one in SHIPPED.values():
        assert one.citation
        assert one.rights
        assert [r.value for r in one.reliability] == [0.77]
        assert "Crits-Christoph" in one.reliability[0].source


def test_no_item_wording_is_shipped():
    """Only marks, and the neutral labels of the four lines, are words of a form."""
    assert {name for name, one in SHIPPED.items() if one.labels} == {"four-lines"}
    assert all(len(label.split()) <= 3 for label in SHIPPED["four-lines"].labels)


def test_the_lines_of_attention_carry_their_source():
    lines = {(line.on, line.below) for line in SHIPPED["four-lines"].thresholds}
    assert lines == {("total", 36), ("any line", 9)}
    assert all(line.source for line in SHIPPED["four-lines"].thresholds)


def test_one_step_on_one_item():
    """One of 12 items by one of 4 steps: 100/48; a facet of 4 items: 100/16; nothing known of supplied scores."""
    assert SHIPPED["wai-sr"].step_pct("overall") == pytest.approx(2.083333, abs=1e-6)
    assert SHIPPED["wai-sr"].step_pct("bond") == 6.25
    assert SHIPPED["four-lines"].step_pct("task") == 10
    assert SHIPPED["sai"].step_pct("task") is None
    assert SHIPPED["facets"].step_pct("goal") is None


GOOD = """
id = "own"
name = "Own form"
raters = ["client"]
range = [1, 3]
items = 2
verified = true
citation = "Own."
rights = "Own."
[facets]
bond = [1, 2]
[minimum_answered]
bond = 2
overall = 2
"""


def load(folder, text, name="own.toml"):
    (folder / name).write_text(text, encoding="utf-8")
    return load_instruments(folder)


def test_an_organisation_may_load_its_own(tmp_path):
    assert load(tmp_path, GOOD)["own"].facets == {"bond": (1, 2)}


@pytest.mark.parametrize(
    ("line", "instead", "key", "says"),
    [
        ("bond = [1, 2]", "bond = [1, 3]", "facets", "items go from 1 to 2"),
        ("bond = [1, 2]", "bond = [1, 2]\ngoal = [2]", "facets", "two facets"),
        ("bond = [1, 2]", "trust = [1, 2]", "facets.trust", "'goal', 'task' or 'bond'"),
        ("items = 2", "items = 2\nreversed = [0]", "reversed", "items go from 1 to 2"),
        ("items = 2", "items = 37", "items", "less than or equal to 36"),
        ("range = [1, 3]", "range = [3, 1]", "range", "lowest mark comes first"),
        ("range = [1, 3]", "", "range", "needed where there are items"),
        ("range = [1, 3]", 'range = [1, "three"]', "range.1", "number"),
        ("overall = 2", "", "minimum_answered.overall", "needed"),
        (
            "verified = true",
            'verified = true\nanswers = ["no", "yes"]',
            "answers",
            "one wording for each mark",
        ),
        ("verified = true", "", "verified", "required"),
        ("verified = true", "verified = true\ncolour = 1", "colour", "not permitted"),
        ('raters = ["client"]', 'raters = ["parent"]', "raters.0", "'client'"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(tmp_path, line, instead, key, says):
    assert line in GOOD
    with pytest.raises(InstrumentError) as caught:
        load(tmp_path, GOOD.replace(line, instead))
    message = str(caught.value)
    assert message.startswith("own.toml: ")
    assert key in message
    assert says in message
    assert "\n" not in message
    assert ": :" not in message
    assert message.endswith(".")


def test_a_file_that_is_not_toml_is_refused(tmp_path):
    with pytest.raises(InstrumentError, match=r"own\.toml: is not a TOML file"):
        load(tmp_path, "id = ")


def test_a_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "own.toml").write_bytes(GOOD.replace("Own form", "Übung").encode("latin-1"))
    with pytest.raises(InstrumentError, match=r"own\.toml: "):
        load_instruments(tmp_path)


def test_an_id_that_is_used_twice_is_refused(tmp_path):
    load(tmp_path, GOOD)
    with pytest.raises(InstrumentError, match=r"twin\.toml: id: own is used by another file"):
        load(tmp_path, GOOD, "twin.toml")
