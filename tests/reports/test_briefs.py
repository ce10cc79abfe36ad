"""Supervision brief and case sheet: what is on them, in which order, whatever the ratings hold and however they are written."""

import dataclasses
import re
from datetime import date
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from alliance_core import analyse
from alliance_core.reports.brief import brief_html, brief_of, brief_pdf
from alliance_core.reports.case_sheet import case_sheet, case_sheet_html, case_sheet_pdf
from alliance_core.reports.source_line import files_hash, source_line
from alliance_core.review import Decisions, Subject, matched
from alliance_core.review.by_case import ByCase
from alliance_core.review.history import History
from alliance_core.sample import Design, simulate
from alliance_core.settings import DisplaySettings, EpisodeSettings, Settings, TermsSettings
from alliance_core.tables import MARKERS, REVIEW, InputFile, empty, shaped
from tests.measures.made import TEN, ratings
from tests.reports.papers import (
    A4,
    LETTER,
    embedded_fonts,
    lost,
    numbered_words,
    opened,
    size_of,
    streams_of,
    text_of,
)
from tests.review.conftest import analysed, case

DAY = date(2026, 3, 31)
FALL = [80, 80, 80, 80, 40, 40]
HOSTILE = '#eval("1") $x$ <script>alert(1)</script> ![x](http://example.test) =cmd *b* &amp; \u202egnp'
AS_PRINTED = '#eval("1") $x$ <script>alert(1)</script> ![x](http://example.test) =cmd *b* &amp; gnp'


def decided(analysis, *rows):
    """The history that these decisions make: client, session, day, what."""
    store = Decisions()
    for client, session, day, what in rows:
        store = store.decided(Subject("P01", client, session, pd.NaT), pd.Timestamp(day), what)
    return History(matched(store.review, analysis))


def none(analysis):
    return History(matched(empty(REVIEW), analysis))


def on_desk(analysis):
    return ByCase(analysis), none(analysis)


@pytest.fixture(scope="module")
def team():
    """Two practitioners with six cases each, and every sheet beside the ratings."""
    return analyse(simulate(Design(2, 6, 12), 3).ratings)


def with_settings(analysis, **groups):
    return dataclasses.replace(analysis, settings=analysis.settings.model_copy(update=groups))


class Seen(HTMLParser):
    """Tags, attributes and text of an HTML file."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.attributes, self.said = [], [], []
        self.feed(content.decode())
        self.words = " ".join(" ".join(self.said).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *one) for one in attrs]

    def handle_data(self, data):
        self.said.append(data)


def test_the_brief_begins_with_how_much_there_is_to_talk_about():
    told = text_of(brief_pdf(*on_desk(analysed(case(FALL, "C-1"), case([80] * 6, "C-2"))), DAY))
    assert told.startswith("1 case to talk about with P01 · about 3 minutes 2 cases, 12 sessions.")
    assert "C-1 · A fall that has not come back" in told
    assert "fell 40 points below its own level at session 5" in told
    assert "It has not come back so far." in told
    assert "Ask: Looking back at that session" in told
    assert "Nothing to raise for 1 other case C-2" in told
    assert "not a verdict" in told


def test_cards_stand_in_the_order_of_the_agenda(team):
    found, decisions = on_desk(team)
    for practitioner in found.clients:
        lines = found.lines[found.lines["practitioner"] == practitioner]
        brief = brief_of(found, decisions, practitioner)
        assert [card.case for card in brief.cards] == lines["client"].tolist()
        assert len(brief.cards) + len(brief.others.split(", ")) == len(found.clients[practitioner])


def test_one_practitioner_begins_each_page_and_is_named_on_those_that_go_on():
    fallen = [case(FALL, f"C-{n:02}") for n in range(12)]
    made = brief_pdf(*on_desk(analysed(*fallen, case(FALL, "D-1", practitioner="P02"))), DAY)
    pages = [" ".join(page.extract_text().split()) for page in opened(made).pages]
    assert pages[0].startswith("12 cases to talk about with P01")
    assert pages[1].startswith("12 cases to talk about with P01 · about 36 minutes, continued")
    assert pages[-1].startswith("1 case to talk about with P02")
    assert f"page {len(pages)} of {len(pages)}" in pages[-1]
    assert sum(page.count("· A fall that has not come back") for page in pages[:1]) >= 3
    assert len(opened(brief_pdf(*on_desk(analysed(*fallen)), DAY, ["P01"])).pages) == len(pages) - 1


@pytest.fixture(scope="module")
def service():
    """Twelve practitioners with fourteen cases each."""
    return analyse(simulate(Design(12, 14, 10), 4711).ratings)


def test_a_practitioner_with_up_to_five_cards_has_one_page(service):
    found, decisions = on_desk(service)
    few = [one for one in found.clients if (found.lines["practitioner"] == one).sum() <= 5]
    made = brief_pdf(found, decisions, DAY, few)
    assert len(opened(made).pages) == len(few) >= 5
    assert text_of(made).count("Nothing to raise for") == len(few)
    letter = on_desk(with_settings(service, display=DisplaySettings(paper="Letter")))
    assert len(opened(brief_pdf(*letter, DAY, ["P01"])).pages) == 1


def test_how_far_it_has_come_is_told():
    analysis = analysed(case(FALL, "C-1"), case(FALL, "D-1", practitioner="P02"))
    told = []
    brief_pdf(*on_desk(analysis), DAY, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]


def test_what_was_decided_before_and_actions_that_wait_elsewhere_are_there():
    analysis = analysed(case(FALL, "C-1"), case([80] * 6, "C-2"))
    history = decided(
        analysis,
        ("C-1", 5, "2026-03-01", {"decision": "watch", "action": "Ask about it", "owner": "P01"}),
        ("C-2", 6, "2026-03-02", {"action": "Send the form", "due": "2026-04-01"}),
    )
    told = text_of(brief_pdf(ByCase(analysis), history, DAY))
    assert "Last time: 1 Mar 2026: watch. Ask about it (P01)." in told
    assert "Actions still open in other cases C-2 2 Mar 2026: Send the form (until 1 Apr 2026)." in told


@pytest.mark.parametrize(
    ("cases", "title", "says"),
    [
        (
            [case([80] * 8, "C-1")],
            "Nothing to talk about with P01",
            "Nothing in these ratings asks for a closer look.",
        ),
        ([case([80], "C-1")], "Too few ratings with P01 to say anything yet", "ratings are too few so far"),
        (
            [case([80], "C-1", rater="practitioner")],
            "Too few ratings with P01 to say anything yet",
            "ratings are too few so far",
        ),
    ],
)
def test_nothing_to_talk_about_is_said(cases, title, says):
    made = brief_pdf(*on_desk(analysed(*cases)), DAY)
    assert title in text_of(made)
    assert says in text_of(made)
    assert says in Seen(brief_html(*on_desk(analysed(*cases)), DAY)).words


@pytest.mark.parametrize("long", [4_000, 32_000])
def test_however_long_a_note_is_all_of_it_is_on_the_paper(long):
    words = numbered_words(long)
    markers = shaped(
        pd.DataFrame([{"practitioner": "P01", "client": "C-1", "session": 5, "kind": "withdrawal", "significance": 4, "note": words, "marker": words}]), MARKERS
    )  # fmt: skip
    made = ratings([*case(FALL, "C-1"), *case(FALL, "C-2")])
    analysis = analyse(dataclasses.replace(made, markers=markers), TEN)
    history = decided(
        analysis, ("C-1", 5, "2026-03-01", {"decision": "watch", "action": words, "note": words})
    )
    found = ByCase(analysis)
    for paper in (brief_pdf(found, history, DAY), case_sheet_pdf(found, history, "P01", "C-1", DAY)):
        assert lost(words, paper) == []


# -- what users wrote, and how things are written ---------------------------------------------------


@pytest.fixture
def hostile():
    """A case, a marker and a decision whose texts look like markup of every kind."""
    note = {
        "practitioner": "P01",
        "client": HOSTILE,
        "session": 5,
        "kind": "withdrawal",
        "note": HOSTILE + " 😀",
    }
    forms = case(FALL, HOSTILE)
    analysis = analyse(ratings(forms, [{**note, "marker": "x", "significance": 3}]), TEN)
    store = Decisions().decided(
        Subject("P01", HOSTILE, 5, pd.NaT), pd.Timestamp(DAY), {"action": HOSTILE, "owner": HOSTILE}
    )
    return ByCase(analysis), History(matched(store.review, analysis)), HOSTILE


def test_what_users_wrote_is_text_on_paper(hostile):
    found, history, client = hostile
    for made in (brief_pdf(found, history, DAY), case_sheet_pdf(found, history, "P01", client, DAY)):
        told = text_of(made).replace(" ", "")
        assert told.count(AS_PRINTED.replace(" ", "")) >= 4
        assert "U+1F600" in told
        assert "\u202e" not in told
        assert b"/URI" not in made + streams_of(made)


def test_what_users_wrote_is_text_in_html(hostile):
    found, history, client = hostile
    for made in (brief_html(found, history, DAY), case_sheet_html(found, history, "P01", client, DAY)):
        seen = Seen(made)
        assert seen.words.count(AS_PRINTED.replace("&amp;", "&amp;")) >= 4
        assert not {"script", "a", "img", "link", "iframe", "form"} & set(seen.tags)
        assert not any(
            name in ("src", "href", "style") or name.startswith("on") for _, name, _ in seen.attributes
        )
        assert "\u202e".encode() not in made


def test_one_html_file_needs_nothing_else_and_is_told_aloud(team):
    seen = Seen(brief_html(*on_desk(team), DAY))
    policy = next(
        value for tag, name, value in seen.attributes if tag == "meta" and "default-src" in (value or "")
    )
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert ("html", "lang", "en-GB") in seen.attributes
    assert seen.tags.count("h1") == 1
    drawn = [one for one in seen.attributes if one[:2] == ("div", "aria-label")]
    assert len(drawn) == seen.tags.count("svg") > 0
    assert all("Overall ratings of client and practitioner" in words for _, _, words in drawn)


def test_words_for_the_pair_and_german_notation(team):
    school = with_settings(
        team,
        terms=TermsSettings(client="student", practitioner="teacher"),
        display=DisplaySettings(numbers="1.234,5", dates="D.M.YYYY"),
    )
    found, decisions = on_desk(school)
    client = found.lines["client"].iloc[0]
    practitioner = found.lines["practitioner"].iloc[0]
    for made in (
        brief_pdf(found, decisions, DAY),
        case_sheet_pdf(found, decisions, practitioner, client, DAY),
    ):
        told = text_of(made)
        assert "31.3.2026" in told
        assert "Solid line and filled circles: student" in told
        assert "practitioner" not in told
        assert "client" not in told


# -- the file ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("paper", "points"), [("A4", A4), ("Letter", LETTER)])
def test_the_size_of_paper_is_the_settings(team, paper, points):
    found, decisions = on_desk(with_settings(team, display=DisplaySettings(paper=paper)))
    made = brief_pdf(found, decisions, DAY, ["P01"])
    assert size_of(made) == points
    assert size_of(case_sheet_pdf(found, decisions, "P01", found.clients["P01"][0], DAY)) == points


def test_a_pdf_for_everybody(team):
    found, decisions = on_desk(team)
    for made, title in (
        (brief_pdf(found, decisions, DAY), "Supervision brief"),
        (
            case_sheet_pdf(found, decisions, "P01", found.clients["P01"][0], DAY),
            f"{found.clients['P01'][0]} · P01",
        ),
    ):
        root = opened(made).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert "/StructTreeRoot" in root
        assert root["/Lang"] == "en-GB"
        assert opened(made).metadata.title == title
        assert all(embedded_fonts(made).values())


def shuffled(ratings_, seed):
    """The same ratings, their rows in another order."""
    order = np.random.default_rng(seed)
    frames = {
        one.name: getattr(ratings_, one.name)
        for one in dataclasses.fields(ratings_)
        if isinstance(getattr(ratings_, one.name), pd.DataFrame)
    }
    return dataclasses.replace(
        ratings_,
        **{
            name: frame.take(order.permutation(len(frame))).reset_index(drop=True)
            for name, frame in frames.items()
        },
    )


def test_the_same_ratings_give_the_same_bytes_whatever_their_order(team):
    again = analyse(shuffled(team.ratings, 1))
    (found, decisions), (other, same) = on_desk(team), on_desk(again)
    client = found.lines["client"].iloc[0]
    practitioner = found.lines["practitioner"].iloc[0]
    for make in (brief_pdf, brief_html):
        assert make(found, decisions, DAY) == make(other, same, DAY)
        assert make(found, decisions, DAY) != make(found, decisions, date(2026, 4, 1))
    for make in (case_sheet_pdf, case_sheet_html):
        assert make(found, decisions, practitioner, client, DAY) == make(
            other, same, practitioner, client, DAY
        )


# -- the foot ---------------------------------------------------------------------------------------


def test_the_foot_names_day_files_rule_and_settings():
    analysis = analysed(case(FALL))
    four = r"31 Mar 2026 · rule baseline · 4 settings changed, [0-9a-f]{8} · version 0\.1\.0"
    assert re.fullmatch(four, source_line(analysis, DAY))
    plain = dataclasses.replace(analysis, settings=Settings())
    assert source_line(plain, DAY) == "31 Mar 2026 · rule baseline · usual settings · version 0.1.0"
    words = with_settings(plain, terms=TermsSettings(client="pupil"), display=DisplaySettings(paper="Letter"))
    assert source_line(words, DAY) == source_line(plain, DAY)
    other = with_settings(plain, episodes=EpisodeSettings(z_open=2.5))
    assert "1 setting changed" in source_line(other, DAY)


def test_files_are_named_by_their_hash_in_whatever_order_they_came():
    analysis = analysed(case(FALL))

    def of(*hashes):
        files = tuple(InputFile(f"{number}.xlsx", one) for number, one in enumerate(hashes))
        return dataclasses.replace(analysis, ratings=dataclasses.replace(analysis.ratings, inputs=files))

    assert files_hash(of("a" * 64)) == "a" * 64
    assert "file aaaaaaaa ·" in source_line(of("a" * 64), DAY)
    assert (
        files_hash(of("a" * 64, "b" * 64)) == files_hash(of("b" * 64, "a" * 64)) != files_hash(of("a" * 64))
    )
    assert "2 files" in source_line(of("a" * 64, "b" * 64), DAY)
    assert files_hash(of()) == ""


# -- the case sheet ---------------------------------------------------------------------------------


def test_the_sheet_tells_a_case_on_one_page():
    markers = shaped(
        pd.DataFrame([{"practitioner": "P01", "client": "C-1", "session": 5, "kind": "withdrawal", "significance": 4}]), MARKERS
    )  # fmt: skip
    both = [*case(FALL, "C-1"), *case([70] * 6, "C-1", rater="practitioner")]
    analysis = analyse(dataclasses.replace(ratings(both), markers=markers), TEN)
    history = decided(analysis, ("C-1", 5, "2026-03-01", {"decision": "watch"}))
    made = case_sheet_pdf(ByCase(analysis), history, "P01", "C-1", DAY)
    told = text_of(made)
    assert len(opened(made).pages) == 1
    assert told.startswith(
        "C-1 · P01 6 sessions · last 10 Feb 2025 · active The client's overall rating fell 40 points"
    )
    for words in (
        "Since session 5: open", "Ask: What might not be being said", "Gap Mean gap +3", "Decided 1 Mar 2026: watch.",
        "Notes", "How this was computed", "4.00 σ with σ = 10.0 points",
    ):  # fmt: skip
        assert words in told


@pytest.mark.parametrize(
    ("forms", "says"),
    [
        (case([80], "C-1"), "This is the only session so far"),
        (case([80] * 6, "C-1", rater="practitioner"), "There is no form from the client"),
        (case([None] * 3, "C-1"), "Nobody's overall score could be worked out"),
        (case([80] * 8, "C-1"), "No fall clearly beyond what ratings vary by"),
    ],
)
def test_every_state_of_a_case_has_its_words(forms, says):
    found, decisions = on_desk(analysed(forms))
    assert says in text_of(case_sheet_pdf(found, decisions, "P01", "C-1", DAY))
    assert says in Seen(case_sheet_html(found, decisions, "P01", "C-1", DAY)).words


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_case_with_two_episodes_has_one_page(service, paper):
    found, decisions = on_desk(with_settings(service, display=DisplaySettings(paper=paper)))
    assert len(case_sheet(found, decisions, "P01", "C-013").episodes) == 2
    made = case_sheet_pdf(found, decisions, "P01", "C-013", DAY)
    assert len(opened(made).pages) == 1
    assert "How this was computed" in text_of(made)
    assert re.search(
        r"Own level 54\.5 % of maximum, lowest 29\.2 % of maximum, depth 25\.3 points", text_of(made)
    )
    assert not re.search(r"\bpct\b", text_of(made))


def test_no_words_are_in_the_pictures_that_nobody_sees(team):
    found, decisions = on_desk(team)
    client = found.clients["P01"][0]
    assert "(to 12)" not in text_of(case_sheet_pdf(found, decisions, "P01", client, DAY))
    timeline = case_sheet(found, decisions, "P01", client).timeline
    assert timeline is not None
    assert "(to 12)" not in timeline.svg
    assert not re.search(r'<text[^>]*opacity="0"', timeline.svg)


def test_a_case_that_only_another_sheet_names_has_a_sheet():
    markers = shaped(
        pd.DataFrame([{"practitioner": "P01", "client": "C-9", "session": 2, "kind": "withdrawal", "significance": 4}]), MARKERS
    )  # fmt: skip
    made = ratings(case(FALL, "C-1"))
    found, decisions = on_desk(analyse(dataclasses.replace(made, markers=markers), TEN))
    assert "No form of this case was read" in text_of(case_sheet_pdf(found, decisions, "P01", "C-9", DAY))


def test_of_many_episodes_and_decisions_the_newest_are_told():
    values = [80, 80, 80, 80, 40, 80, 80, 80] * 4
    analysis = analysed(case(values, "C-1"))
    history = decided(
        analysis, *(("C-1", 1 + n, f"2026-01-{n + 1:02}", {"decision": "watch"}) for n in range(8))
    )
    sheet = case_sheet(ByCase(analysis), history, "P01", "C-1")
    assert len(sheet.episodes) == 3
    assert sheet.more_episodes == "And 1 older episode, on the screen."
    assert sheet.decisions[0].startswith("8 Jan 2026")
    assert sheet.more_decisions == "And 3 older decisions, on the screen."
