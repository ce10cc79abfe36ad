"""Meeting pack and record: agenda, cards, actions; under the names of the meeting, and no id anywhere in the files."""

import dataclasses
import re
from datetime import date

import pandas as pd
import pytest

from alliance_core import analyse
from alliance_core.reports.meeting_pack import meeting_pack, meeting_pack_html, meeting_pack_pdf
from alliance_core.reports.meeting_paper import meeting_record_html, meeting_record_pdf, record_paper
from alliance_core.review import Decisions, Sitting, Timer, coming_up, masks, matched, record
from alliance_core.review.by_case import ByCase
from alliance_core.review.talk import subject_in_meeting, why
from alliance_core.settings import DisplaySettings
from alliance_core.tables import MEETING_CARDS, MEETING_LAST, InputFile, shaped
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
from tests.reports.test_meeting_workbook import RECORD
from tests.review.conftest import case

DAY, BEFORE = date(2026, 3, 31), pd.Timestamp(2026, 3, 1)
FALL = [80, 80, 80, 80, 40, 40]
WHO, FIRST, SECOND = "Therapist-Zebra-77", "Klient-Quokka-4711", "Klient-Wombat-0815"
NOTED = {"practitioner": WHO, "client": FIRST, "session": 5, "kind": "withdrawal", "significance": 4}
MARKERS = [{**NOTED, "marker": f"avoids {SECOND}", "noted_by": WHO, "note": f"about {FIRST}"}]
TASK = {"practitioner": WHO, "client": SECOND, "session": 6, "task": f"a letter about {FIRST}", "client_relevance": 1, "practitioner_relevance": 9}  # fmt: skip


def meeting(*decided, **more):
    """A case with a fall, one with a task in doubt, what was decided before about them, and a meeting about both."""
    forms = [*case(FALL, FIRST, practitioner=WHO), *case([80] * 6, SECOND, practitioner=WHO)]
    found = ByCase(analyse(ratings(forms, MARKERS, tasks=[TASK]), TEN))
    store = Decisions()
    for client, day, what in decided:
        store = store.decided(subject_in_meeting(found, WHO, client), day, what)
    before = matched(store.review, found.analysis)
    lines = coming_up(found.lines, before, found.analysis.cases)
    names = masks(found.analysis.cases, bytes(32), True)
    return found, store, Sitting(pd.Timestamp(DAY), "the whole team", lines, names, before, **more)


AGREED = (FIRST, BEFORE, {"decision": "watch", "action": f"Ask {SECOND} with {WHO}", "owner": f"{FIRST}", "note": f"private {FIRST}"})  # fmt: skip


def made_from(display=None):
    """An analysis with these settings of how things are written."""
    analysis = meeting()[0].analysis
    settings = analysis.settings.model_copy(update={"display": display or DisplaySettings()})
    inputs = (InputFile("team.xlsx", "1f09a2b3" * 8),)
    return dataclasses.replace(
        analysis, settings=settings, ratings=dataclasses.replace(analysis.ratings, inputs=inputs)
    )


def name_of(sitting, client):
    return sitting.masks.cases[WHO, client]


def nobody_in(pdf, html):
    """That no id stands in the file as it is, in its streams or in its text, whole or in part."""
    every = (pdf, streams_of(pdf), text_of(pdf).encode(), html)
    for known in ("Zebra", "Quokka", "Wombat"):
        for coded in (known.encode(), known.encode("utf-16-be")):
            assert not any(coded in one for one in every), known
    # by chance, figures stand among the numbers that draw letters and lines
    assert not any(known in text_of(pdf) for known in ("-4711", "-0815", "er-77"))


def test_the_pack_has_agenda_cards_and_what_was_agreed_last_time():
    found, _, sitting = meeting(AGREED)
    told = text_of(meeting_pack_pdf(found, sitting, DAY))
    first, second = name_of(sitting, FIRST), name_of(sitting, SECOND)
    assert told.startswith(
        "For the meeting of 31 Mar 2026: 2 cases, about 6 minutes Whose cases: the whole team."
    )
    assert f"1 {first} A fall that has not come back" in told
    assert f"2 {second} A task that the client seems to doubt" in told
    assert f"{first} Ask {second} with {sitting.masks.practitioners[WHO]} ({first}) yes / partly / no" in told
    assert "Agreed today Case Action Who Until" in told
    assert f"{first} · A fall that has not come back" in told
    assert "fell 40 points below its own level at session 5" in told
    assert f"a letter about {first}" in told


def test_no_id_is_in_the_pack():
    found, _, sitting = meeting(AGREED)
    pdf, html = meeting_pack_pdf(found, sitting, DAY), meeting_pack_html(found, sitting, DAY)
    nobody_in(pdf, html)
    assert "private" not in text_of(pdf) + html.decode()  # notes of before are not for the room
    assert f"avoids {name_of(sitting, SECOND)}" in text_of(pdf)


def recorded():
    found, store, sitting = meeting(AGREED, timer=Timer(since=0.0))
    told = {"decision": "confirmed", "action": f"Call {SECOND}", "owner": "Ann", "due": "2026-04-07", "note": f"of {FIRST}"}  # fmt: skip
    store = store.decided(subject_in_meeting(found, WHO, FIRST), pd.Timestamp(DAY), told)
    said = [why(found, str(p), str(c), str(r)) for p, c, r in sitting.lines.itertuples(index=False)]
    return sitting, record(sitting.ended(90.0), said, store.review, 90.0)


def test_the_record_has_what_the_workbook_has_and_no_id():
    sitting, kept = recorded()
    pdf, html = meeting_record_pdf(kept, made_from()), meeting_record_html(kept, made_from())
    told = text_of(pdf)
    first, second = name_of(sitting, FIRST), name_of(sitting, SECOND)
    assert told.startswith("Record of the meeting of 31 Mar 2026")
    assert f"{first} Call {second} Ann 7 Apr 2026" in told
    assert f"Decided: Confirmed. Call {second} (Ann, until 7 Apr 2026). Note: of {first}" in told
    assert f"1. {first} · A fall that has not come back · 2 minutes" in told
    assert f"2. {second} · A task that the client seems to doubt · not shown" in told
    assert "not known" in told.partition("From last time")[2]
    nobody_in(pdf, html)


@pytest.mark.parametrize("long", [4_000, 32_000])
def test_however_long_a_note_is_all_of_it_is_on_the_paper(long):
    words = numbered_words(long)
    found, _, sitting = meeting((FIRST, BEFORE, {"decision": "watch", "action": words}))
    assert lost(words, meeting_pack_pdf(found, sitting, DAY), times=2) == []  # as an action, and on the card
    store = Decisions().decided(
        subject_in_meeting(found, WHO, FIRST), pd.Timestamp(DAY), {"decision": "watch", "note": words}
    )
    said = [why(found, str(p), str(c), str(r)) for p, c, r in sitting.lines.itertuples(index=False)]
    kept = record(sitting, said, store.review, 90.0)
    assert lost(words, meeting_record_pdf(kept, made_from()), times=2) == []


def test_the_foot_of_the_record_names_day_files_rule_and_settings():
    german = DisplaySettings(dates="D.M.YYYY")
    for display, day in ((None, "31 Mar 2026"), (german, "31.3.2026")):
        analysis = made_from(display)
        foot = f"record of a meeting · {day} · file 1f09a2b3 · rule baseline · "
        for told in (
            text_of(meeting_record_pdf(recorded()[1], analysis)),
            meeting_record_html(recorded()[1], analysis).decode(),
        ):
            assert foot in told
            assert re.search(r"settings changed, [0-9a-f]{8} · version", told)


def test_text_that_looks_like_a_formula_is_text():
    made = meeting_record_pdf(RECORD, made_from())
    assert '=HYPERLINK("http://example.invalid","x")' in text_of(made)
    assert b"/URI" not in made + streams_of(made)
    assert b"<a " not in meeting_record_html(RECORD, made_from())


def test_a_card_with_two_decisions_stands_once():
    rows = [
        {"card": 1, "case": "Blue Elm 417", "reason": "A fall", "said": "It fell.", "shown": "yes", "minutes": 0.2, "decision": one}
        for one in ("watch", "confirmed")
    ]  # fmt: skip
    kept = dataclasses.replace(RECORD, cards=shaped(pd.DataFrame(rows), MEETING_CARDS))
    (card,) = record_paper(kept).cards
    assert card.decided == ("Watch.", "Confirmed.")
    assert card.shown == "less than a minute"


def test_a_meeting_in_which_nothing_was_agreed_says_so():
    nothing = dataclasses.replace(
        RECORD, cards=shaped(pd.DataFrame(), MEETING_CARDS), last=shaped(pd.DataFrame(), MEETING_LAST)
    )
    told = text_of(meeting_record_pdf(nothing, made_from()))
    assert "No action was agreed." in told
    assert "From last time" not in told
    found, _, sitting = meeting()
    assert "No action from before is open." in text_of(meeting_pack_pdf(found, sitting, DAY))


@pytest.mark.parametrize(("paper", "points"), [("A4", A4), ("Letter", LETTER)])
def test_both_are_for_everybody_on_either_paper(paper, points):
    found, _, sitting = meeting(AGREED)
    display = DisplaySettings(paper=paper)
    settings = found.analysis.settings.model_copy(update={"display": display})
    there = ByCase(dataclasses.replace(found.analysis, settings=settings))
    for made in (
        meeting_pack_pdf(there, sitting, DAY),
        meeting_record_pdf(recorded()[1], made_from(display)),
    ):
        assert size_of(made) == points
        root = opened(made).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en-GB"
        assert opened(made).metadata.title
        assert b"/TH" in made + streams_of(made)
        assert all(embedded_fonts(made).values())


def test_the_same_meeting_gives_the_same_bytes():
    (found, _, sitting), (other, _, same) = meeting(AGREED), meeting(AGREED)
    assert meeting_pack_pdf(found, sitting, DAY) == meeting_pack_pdf(other, same, DAY)
    assert meeting_pack(found, sitting) == meeting_pack(other, same)
    assert meeting_record_pdf(recorded()[1], made_from()) == meeting_record_pdf(recorded()[1], made_from())


def test_the_days_are_written_as_the_settings_say():
    display = DisplaySettings(dates="D.M.YYYY")
    assert "Record of the meeting of 31.3.2026" in text_of(
        meeting_record_pdf(recorded()[1], made_from(display))
    )
