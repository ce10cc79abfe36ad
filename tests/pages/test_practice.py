"""Practice: every state from the first question to the summary, and nothing lost on the way."""

from io import BytesIO

import pytest
from pyarrow.ipc import open_stream

from alliance_core.learning.exercises import simulated
from alliance_core.settings import Settings
from pages.parts.in_use import ON_PAGES

BEGINS, BACK = "A possible rupture begins at session", "The client's rating is back at session"


class Learner:
    """A visitor at practice."""

    def __init__(self, app):
        self.app = app.open("learn", part="practise")

    def radio(self, label):
        return next((one for one in self.app.at.radio if one.label == label), None)

    def answer(self, begins, back=None):
        self.radio(BEGINS).set_value(begins)
        self.app.run()
        if begins:
            self.radio(BACK).set_value(back or 0)
            self.app.run()
        return self

    def on(self):
        self.app.at.button(key="practice onward").click()
        self.app.run()
        return self

    @property
    def button(self):
        return self.app.at.button(key="practice onward")

    @property
    def words(self):
        return self.app.words

    @property
    def bars(self):
        """What is written beside the rows of bars."""
        written = self.data
        return [name for name in ("you", "rule", "simulated") if name in written]

    @property
    def data(self):
        """Every cell of every data set that goes to the browser with the chart."""
        sets = [
            open_stream(BytesIO(one.data.data)).read_pandas() for one in self.app.charts[0].proto.datasets
        ]
        return [cell for frame in sets for cell in frame.to_numpy().ravel().tolist()]

    def all_with(self, begins):
        for _ in range(10):
            self.answer(begins).on().on()
        return self


@pytest.fixture
def learner(app):
    return Learner(app)


@pytest.fixture(scope="module")
def truth():
    return simulated(1, ON_PAGES).truth.set_index("series")


def test_the_first_series_asks_and_shows_nothing_yet(learner):
    assert "Series 1 of 10" in learner.words
    assert "nobody is graded" in learner.words
    assert learner.button.disabled
    assert learner.radio(BACK) is None
    assert learner.radio("Practise on") is None
    assert learner.bars == ["you"]
    assert "Simulated:" not in learner.words


def test_a_mark_is_complete_with_where_it_is_back(learner):
    learner.radio(BEGINS).set_value(6)
    learner.app.run()
    assert learner.button.disabled
    assert learner.radio(BACK).options[:2] == ["not back", "7"]
    learner.radio(BACK).set_value(8)
    learner.app.run()
    assert not learner.button.disabled
    assert learner.button.label == "Compare"


def test_a_later_begin_asks_again_where_it_is_back_only_when_it_must(learner):
    learner.answer(4, 8).answer(5, 8)
    learner.radio(BEGINS).set_value(6)
    learner.app.run()
    assert learner.radio(BACK).value == 8
    learner.radio(BEGINS).set_value(9)
    learner.app.run()
    assert learner.radio(BACK).value is None
    assert learner.button.disabled


def test_nothing_here_is_a_whole_answer(learner):
    learner.answer(0)
    assert not learner.button.disabled
    learner.on()
    assert "You: nothing." in learner.words
    assert learner.button.label == "Next series"


def test_after_the_answer_all_three_stand_beside_each_other(learner, truth):
    start, back = truth.loc[1, ["start", "back"]]
    learner.answer(int(start), int(back)).on()
    assert f"You: from {start}, back at {back}." in learner.words
    assert f"Simulated: from {start}, back at {back}" in learner.words
    assert f"Rule {ON_PAGES.detection.method}:" in learner.words
    assert learner.bars == ["you", "rule", "simulated"]
    assert learner.radio(BEGINS) is None


def test_back_shows_what_was_answered_and_it_stays(learner):
    learner.answer(0).on().on()
    assert "Series 2 of 10" in learner.words
    learner.app.click("Back")
    assert "Series 1 of 10" in learner.words
    assert "You: nothing." in learner.words


def test_the_summary_counts_and_grades_nobody(learner, truth):
    learner.all_with(0)
    planted = len(truth)
    assert f"You found 0 of {planted} simulated ruptures" in learner.words
    assert "In 0 of 10 series you marked something" in learner.words
    assert "It is practice and no test" in learner.words
    assert "In the benchmark" in learner.words
    counts, overview = (table.value for table in learner.app.at.dataframe)
    assert counts["who"].tolist() == ["you", f"rule {ON_PAGES.detection.method}"]
    assert counts["found"].tolist()[0].startswith(f"0 of {planted} (0–")
    assert overview["series"].tolist() == list(range(1, 11))
    assert (overview["simulated"] != "nothing").sum() == planted
    learner.app.click("Back")
    assert "Series 10 of 10" in learner.words


def test_a_new_set_is_another_one_and_the_old_one_is_kept(learner):
    learner.answer(0).on().on()
    before = str(learner.data)
    learner.app.click("New set")
    assert "Series 1 of 10" in learner.words
    assert learner.app.at.number_input[0].value == 2
    assert str(learner.data) != before
    learner.app.at.number_input[0].set_value(1)
    learner.app.run()
    assert "Series 2 of 10" in learner.words
    assert str(learner.data) == before


def test_nothing_is_lost_on_a_page_change(learner):
    learner.answer(0).on().on().answer(5, 8)
    learner.app.open("agenda").open("learn")
    assert "Series 2 of 10" in learner.words
    assert learner.radio(BEGINS).value == 5
    assert learner.radio(BACK).value == 8
    assert learner.button.label == "Compare"


OWN = "my own ratings, without their ids"


@pytest.fixture
def team(made):
    csv, rows_of = made
    fell = [4, 4, 4, 4, 2, 4, 4]
    return csv(
        rows_of("P1", "Anna-1", "Client", fell),
        rows_of("P1", "Anna-1", "Therapist", [3.5] * 7),
        rows_of("P1", "Anna-2", "Client", [3, 3.25, 3, 3.25, 3, 3.25, 3]),
    )


def own_ratings(app, content):
    learner = Learner(app.bring(("team.csv", content)))
    learner.radio("Practise on").set_value(OWN)
    app.run()
    return learner


def test_own_ratings_have_no_ids_and_no_truth(app, team):
    learner = own_ratings(app, team)
    assert "Series 1 of 2" in learner.words
    learner.answer(0).on()
    assert learner.bars == ["you", "rule"]
    assert "Simulated:" not in learner.words
    assert "Nobody knows what happened in these sessions" in learner.words
    assert "Anna" not in learner.words + learner.app.charts[0].proto.spec + str(learner.data)
    learner.on().answer(0).on().on()
    assert (
        f"Of 2 series: you and the rule {ON_PAGES.detection.method} both marked something in 0"
        in learner.words
    )
    assert "the rule alone in 1" in learner.words
    assert len(learner.app.at.dataframe) == 1
    assert list(learner.app.at.dataframe[0].value.columns) == ["series", "you", "rule"]
    assert "Anna" not in learner.words


def test_own_ratings_that_are_too_short_say_so(app, workbook, made):
    csv, rows_of = made
    learner = own_ratings(app, csv(rows_of("P1", "C-1", "Client", [4, 4, 4])))
    assert "None of your cases has 6 sessions that the client rated" in learner.words
    assert not learner.app.charts


def test_answers_on_own_ratings_go_when_other_ratings_come_and_the_simulated_stay(app, team, workbook):
    learner = Learner(app.bring(("team.csv", team)))
    learner.answer(0).on().on()
    learner.radio("Practise on").set_value(OWN)
    app.run()
    learner.answer(0).on()
    learner = Learner(app.bring(("other.csv", workbook)))
    assert learner.radio("Practise on").value == OWN
    assert "You: nothing." not in learner.words
    learner.radio("Practise on").set_value("simulated series")
    app.run()
    assert "Series 2 of 10" in learner.words


def test_a_rule_that_can_say_nothing_of_such_series_says_so(learner, monkeypatch):
    silent = Settings.model_validate({"detection": {"method": "threshold"}})
    monkeypatch.setattr("pages.parts.practice_view.settings_in_use", lambda: silent)
    learner.answer(0).on()
    assert "Rule threshold: can say nothing." in learner.words
    assert learner.bars == ["you", "simulated"]


def test_every_chart_and_table_says_in_words_what_it_shows(learner):
    assert all(chart.proto.alt for chart in learner.app.charts)
    learner.all_with(0)
    assert all(table.proto.alt for table in learner.app.at.dataframe)
