"""A supervision workbook that takes more than a second is made first, with words meanwhile, and then offered."""

import pytest

from alliance_core.reading.child.limits import UPLOAD
from pages.parts import keeping


@pytest.fixture
def large(loaded, monkeypatch):
    monkeypatch.setattr(keeping, "AT_ONCE", 10)
    return loaded.open("decisions")


def labels(app):
    return [one.proto.label for one in app.at.get("download_button")]


def test_it_is_made_first_and_then_offered(large):
    assert labels(large) == []
    large.click("Make the supervision workbook")
    assert labels(large) == ["Download the supervision workbook ↓"]
    assert "Make the supervision workbook" not in [button.label for button in large.at.button]


def test_another_decision_needs_another_one(large):
    large.click("Make the supervision workbook")
    large.open("case", practitioner="P1", client="C-1")
    next(one for one in large.at.text_input if one.label == "Action").set_value("ring")
    large.click("Save the decision").open("decisions")
    assert labels(large) == []
    assert "Make the supervision workbook" in [button.label for button in large.at.button]


def test_a_small_one_is_offered_at_once(loaded):
    assert labels(loaded.open("decisions")) == ["Download the supervision workbook ↓"]


def test_that_the_ratings_have_no_room_in_it_is_said_before_it_is_made(loaded, made, monkeypatch):
    csv, rows_of = made
    assert "The supervision workbook holds your ratings, all decisions" in loaded.open("decisions").words
    monkeypatch.setattr("alliance_core.reports.kept_sheets.UPLOAD", UPLOAD._replace(cells=10))
    loaded.bring(("team.csv", csv(rows_of("P1", "C-1", "Client", [4, 4, 4])))).open("decisions")
    assert "The supervision workbook holds all decisions, markers" in loaded.words
    assert "keep your own files, and bring them in along with it next time" in loaded.words
