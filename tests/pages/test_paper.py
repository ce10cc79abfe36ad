"""Paper on the pages: what is offered where, with which ids, and how it is made where it takes longer."""

import datetime

import pytest

from alliance_core import analyse, read_workbooks
from alliance_core.reports.brief import brief_pdf
from alliance_core.review.by_case import ByCase
from alliance_core.review.history import history_of
from alliance_core.tables import REVIEW, empty
from pages.parts import paper_view, today
from pages.parts.in_use import ON_PAGES
from tests.reports.papers import A4, LETTER, size_of, text_of

NOW = datetime.datetime(2026, 3, 31, 12, tzinfo=datetime.UTC)


class At(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW.astimezone(tz)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(today, "datetime", At)


@pytest.fixture
def made(monkeypatch):
    """What the downloads of the last run would give, by the page's own making: PDF, then HTML."""
    files = []

    def at_once(make):
        files.append(make(lambda done, of: None))
        return lambda: files[-1]

    monkeypatch.setattr(paper_view, "_later", at_once)
    return files


def offered(app):
    return [one.label.replace("\\", "").replace("\u2060", "") for one in app.at.download_button]


def last_two(made):
    return made[-2], made[-1].decode()


def use(app, text):
    app.open("settings")
    place = next(one for one in app.at.file_uploader if one.label == "Use settings that you kept")
    place.set_value([("mine.toml", text.encode(), "application/toml")])
    return app.run()


def make_it(app):
    """Asks for paper that is made first."""
    (button,) = [one for one in app.at.button if one.label.startswith("Make the supervision brief")]
    assert button.label.endswith("2 cases")
    button.click()
    app.run()


def test_the_brief_of_whom_the_agenda_shows(loaded, made):
    loaded.open("agenda", **{"for": "P1"})
    assert offered(loaded)[:2] == ["Supervision brief (2 cases): PDF, A4 ↓", "as HTML ↓"]
    pdf, html = last_two(made)
    assert text_of(pdf).startswith("2 cases to talk about with P1 · about 6 minutes")
    assert "2 cases to talk about with P1 · about 6 minutes" in html
    assert "with P2" not in html


def test_the_brief_of_the_whole_team(loaded, made):
    loaded.open("agenda", **{"for": ""})
    assert offered(loaded)[0] == "Supervision brief (2 cases, 2 briefs): PDF, A4 ↓"
    assert "with P1" in last_two(made)[1]
    assert "Nothing to talk about with P2" in last_two(made)[1]


def test_the_page_and_the_core_print_the_same(loaded, made, workbook, tmp_path):
    loaded.open("agenda", **{"for": "P1"})
    (tmp_path / "team.csv").write_bytes(workbook)
    analysis = analyse(read_workbooks([tmp_path / "team.csv"])[0], ON_PAGES)
    alone = brief_pdf(ByCase(analysis), history_of(empty(REVIEW), analysis), NOW.date(), ["P1"])
    assert last_two(made)[0] == alone


def test_a_decision_is_on_paper_at_once(loaded, made):
    loaded.open("agenda", **{"for": "P1"})
    next(one for one in loaded.at.button if one.label == "Discussed").click()
    loaded.run()
    assert "31 Mar 2026: discussed, nothing decided." in last_two(made)[1]


def test_the_sheet_of_a_case(loaded, made):
    loaded.open("case", practitioner="P1", client="C-1")
    assert offered(loaded)[:2] == ["Case sheet: PDF, A4 ↓", "as HTML ↓"]
    pdf, html = last_two(made)
    assert text_of(pdf).startswith("C-1 · P1")
    assert "<h1>C-1 · P1</h1>" in html


def test_the_settings_say_how_large_the_paper_is(loaded, made):
    loaded.open("agenda", **{"for": "P1"})
    assert size_of(last_two(made)[0]) == A4
    use(loaded, '[display]\npaper = "Letter"\n').open("agenda", **{"for": "P1"})
    assert offered(loaded)[0] == "Supervision brief (2 cases): PDF, Letter ↓"
    assert size_of(last_two(made)[0]) == LETTER


def test_under_aliases_files_keep_the_ids_and_say_so(loaded, made):
    use(loaded, "[display]\nmasked = true\n").open("agenda")
    assert "These files have the ids, not the aliases." in loaded.words
    loaded.at.switch_page("pages/case.py")
    loaded.run()
    assert "These files have the ids, not the aliases." in loaded.words
    title = loaded.at.title[0].value.replace("\\", "")
    assert "P1" not in title
    assert text_of(last_two(made)[0]).startswith("C-")


def test_many_cases_are_made_first_and_then_offered(loaded, monkeypatch):
    monkeypatch.setattr(paper_view, "AT_ONCE", 0)
    loaded.open("agenda", **{"for": "P1"})
    assert "Supervision brief (2 cases): PDF, A4 ↓" not in offered(loaded)
    make_it(loaded)
    assert offered(loaded)[:2] == ["Supervision brief (2 cases): PDF, A4 ↓", "as HTML ↓"]
    _, (pdf, html) = loaded.at.session_state["files made"]["supervision brief"]
    assert text_of(pdf).startswith("2 cases to talk about with P1")
    assert html.startswith(b"<!DOCTYPE html>")
    next(one for one in loaded.at.button if one.label == "Discussed").click()
    loaded.run()
    assert "Supervision brief (2 cases): PDF, A4 ↓" not in offered(loaded)  # it says something else now


def test_a_brief_of_very_many_cases_is_refused_at_once_with_what_there_is_instead(loaded, monkeypatch):
    monkeypatch.setattr(paper_view, "MOST", 1)
    loaded.open("agenda", **{"for": ""})
    assert not [one for one in offered(loaded) if "brief" in one]
    assert not [one for one in loaded.at.button if "brief" in one.label]
    refused = "A supervision brief holds up to 1 case, and 2 are on the agenda: choose one practitioner to print theirs."
    assert refused in loaded.words
    monkeypatch.setattr(paper_view, "MOST", 2)
    assert offered(loaded.run())[0] == "Supervision brief (2 cases, 2 briefs): PDF, A4 ↓"


def test_paper_that_cannot_be_made_is_one_sentence(loaded, monkeypatch):
    def refused(*_):
        raise paper_view.NotPrinted("The PDF could not be made.")

    monkeypatch.setattr(paper_view, "AT_ONCE", 0)
    monkeypatch.setattr(paper_view, "brief_pdf", refused)
    make_it(loaded.open("agenda", **{"for": "P1"}))
    assert "The supervision brief could not be made from these ratings." in loaded.words


def test_names_of_files_tell_content_day_and_a_token(loaded, monkeypatch):
    names = []
    monkeypatch.setattr(paper_view, "file_name", lambda *parts: names.append(parts) or "x")
    loaded.open("agenda", **{"for": "P1"})
    loaded.open("agenda", **{"for": ""})
    loaded.open("agenda", **{"for": ""})
    (first, second, *_), tokens = names, [token for _, _, token in names]
    assert first[:2] == ("supervision brief", "pdf")
    assert second[:2] == ("supervision brief", "html")
    assert tokens[0] == tokens[1] != tokens[2] == tokens[4]


# -- the meeting ------------------------------------------------------------------------------------


def ids_in(pdf, html):
    return [one for one in ("C-1", "C-2", "C-3", "P1", "P2") if one in text_of(pdf) + html]


def test_the_pack_and_the_record_name_nobody(loaded, made):
    loaded.open("meeting")
    assert offered(loaded)[-2:] == ["Meeting pack (2 cases): PDF, A4 ↓", "as HTML ↓"]
    pdf, html = last_two(made)
    assert "For the meeting of 31 Mar 2026: 2 cases, about 6 minutes" in text_of(pdf)
    assert ids_in(pdf, html) == []
    loaded.click("Begin the meeting")
    name = loaded.at.title[0].value.replace("\\", "")
    assert name in html
    next(one for one in loaded.at.text_input if one.label == "Action").set_value("Ask C-2 about it")
    loaded.click("Save the decision").click("End the meeting")
    assert "Meeting record (2 cases): PDF, A4 ↓" in offered(loaded)
    pdf, html = last_two(made)
    assert f"Ask {name} about it" in text_of(pdf)
    assert f"Ask {name} about it" in html
    assert ids_in(pdf, html) == []


def test_nobody_ticked_is_no_pack(loaded):
    loaded.open("meeting")
    for tick in range(2):
        loaded.at.checkbox[tick].uncheck()
        loaded.run()
    assert not [one for one in offered(loaded) if "pack" in one]
