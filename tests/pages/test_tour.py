"""The tour: three steps, each on its own page; it can be left, is found again, and does not begin twice by itself."""

import pytest

from pages.parts.tour import STEPS


@pytest.fixture
def toured(app):
    return app.click("Look around with the sample team")


def box(app):
    return [line for line in app.words.split("\n") if "Tour, step" in line]


def test_it_begins_with_the_sample_team_and_says_where_it_is(toured):
    assert box(toured) == ["**Tour, step 1 of 3: Agenda**"]
    assert "Go to Agenda →" in [link.label for link in toured.at.get("page_link")]


def test_three_steps_lead_through_three_pages_to_an_end(toured):
    for number, step in enumerate(STEPS, 1):
        toured.open(step.page.file.removeprefix("pages/").removesuffix(".py"))
        assert box(toured) == [f"**Tour, step {number} of 3: {step.page.title}**"]
        assert step.told in toured.words
        toured.click(step.button)
    assert box(toured) == []
    assert toured.at.title[0].value


def test_it_can_be_left_at_any_step_and_does_not_come_back_by_itself(toured):
    toured.open("agenda").click(STEPS[0].button)
    toured.click("Leave the tour")
    assert box(toured) == []
    toured.open("bring_in").click("Look around with the sample team")
    assert box(toured) == []
    toured.click("Clear my data").click("Look around with the sample team")
    assert box(toured) == []


@pytest.mark.parametrize("page", ["bring_in", "how_it_works"])
def test_it_is_found_again(toured, page):
    toured.click("Leave the tour").open(page)
    toured.click("Take the tour again")
    assert box(toured) == ["**Tour, step 1 of 3: Agenda**"]
    assert "to talk about" in toured.at.title[0].value


def test_a_meeting_has_the_screen_to_itself(toured):
    assert "Tour, step" not in toured.open("meeting").words
    assert "Tour, step" in toured.open("agenda").words


def test_with_own_files_it_is_offered_and_does_not_begin_by_itself(loaded):
    assert box(loaded) == []
    loaded.click("Take the tour: three steps, one minute")
    assert box(loaded) == ["**Tour, step 1 of 3: Agenda**"]


def test_without_ratings_there_is_no_tour(app):
    assert box(app) == []
    assert not any("tour" in button.label for button in app.open("how_it_works").at.button)


def test_it_speaks_in_the_words_for_the_pair(toured):
    toured.open("settings")
    toured.at.selectbox[0].set_value("student and teacher")
    toured.run()
    toured.open("agenda").click(STEPS[0].button)
    assert "solid for the student and dashed for the teacher" in toured.words
