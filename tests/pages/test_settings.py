"""Settings: everything that can be chosen does something, is kept as a file, and is back when the file is brought in."""

import re
import tomllib

import pytest

from alliance_core.settings import Settings, describe
from alliance_core.settings_file import parse_settings, to_toml
from pages.parts.shell import PAGES
from pages.parts.thresholds_view import GROUPS
from tests.pages.seen import shown

KEYS = [key for group in GROUPS for key in group.keys]


@pytest.fixture
def page(app):
    return app.open("settings")


def use(app, settings):
    app.open("settings")
    place = next(one for one in app.at.file_uploader if one.label == "Use settings that you kept")
    place.set_value([("mine.toml", settings.encode(), "application/toml")])
    return app.run()


def in_use(app):
    kept = app.at.session_state
    return kept["settings in use"] if "settings in use" in kept else None  # noqa: SIM401


def field(app, key):
    return next(one for one in app.at.number_input if one.key.startswith(f"{key} "))


def send(app, group, reason="agreed by the team"):
    app.at.text_input(key=f"reason {group.title}").set_value(reason)
    at = GROUPS.index(group)
    [one for one in app.at.button if one.label == "Use these numbers"][at].click()
    return app.run()


def group_of(key):
    return next(group for group in GROUPS if key in group.keys)


# -- thresholds -------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_every_threshold_stands_with_its_unit_its_source_and_how_it_comes(page, key):
    line = next(line for line in describe(Settings()) if line.key == key)
    told = page.words
    label = field(page, key).label.replace("\\", "").replace("\u2060", "")
    assert f"({line.unit})" in label
    assert f"As it comes: {line.shown}. Source: {line.source}." in told


def test_the_same_threshold_stands_once_and_the_rule_s_own_number_is_elsewhere():
    assert len(KEYS) == len(set(KEYS))
    assert not {"episodes.z_open", "last_three.z_open", "detection.method"} & set(KEYS)


def test_what_if_is_one_click_away(page):
    assert "what_if" in [link.proto.page for link in page.at.get("page_link")]


def test_another_number_is_used_noted_with_its_reason_and_what_it_did_is_said(loaded):
    loaded.open("settings")
    field(loaded, "readings.missing_sessions").set_value(5)
    send(loaded, group_of("readings.missing_sessions"))
    assert in_use(loaded).readings.missing_sessions == 5
    assert [(one.key, one.after, one.reason) for one in in_use(loaded).changes] == [
        ("readings.missing_sessions", "5", "agreed by the team")
    ]
    # falls of clients' overall ratings, as on What if: 2 in this team
    assert "In use: 2 episodes and 2 cases to talk about, as before. 1 change noted so far." in loaded.words
    assert "1 own number" in loaded.words


def test_what_it_did_is_told_in_numbers_of_before_and_after(app, made):
    csv, rows_of = made
    app.bring(("team.csv", csv(rows_of("P1", "C-1", "Client", [5, 5, 5, 5]))))
    app.open("settings")
    field(app, "readings.ceiling_sessions").set_value(5)
    send(app, group_of("readings.ceiling_sessions"))
    assert (
        "In use: 0 episodes and 0 cases to talk about; before, 0 episodes and 1 case to talk about."
        in app.words
    )


def test_without_a_reason_nothing_changes(page):
    field(page, "episodes.window").set_value(4)
    send(page, group_of("episodes.window"), "  ")
    assert "Write a reason" in page.words
    assert in_use(page) is None


def test_the_same_numbers_are_no_change(page):
    send(page, GROUPS[0])
    assert "Nothing differs from what is in use." in page.words
    assert in_use(page) is None


def test_a_number_that_cannot_be_is_refused_in_words_without_its_key(page):
    field(page, "suppression.min_clients").set_value(2)
    send(page, group_of("suppression.min_clients"))
    said = [error.value.replace("\\", "") for error in page.at.error]
    assert len(said) == 1
    assert "greater than or equal to 5" in said[0]
    assert "suppression" not in said[0]
    assert in_use(page) is None


# -- display ----------------------------------------------------------------------------------------


def test_numbers_and_days_are_chosen_here(page):
    next(one for one in page.at.selectbox if one.label == "How are numbers written?").set_value("1.234,5")
    page.run()
    next(one for one in page.at.selectbox if one.label == "How are days written?").set_value("DD/MM/YYYY")
    page.run()
    display = in_use(page).display
    assert (display.numbers, display.dates) == ("1.234,5", "DD/MM/YYYY")
    assert "As it comes: 0,75." in page.words


def test_the_size_of_paper_is_chosen_here(page):
    next(one for one in page.at.selectbox if one.label == "Which paper are PDFs made for?").set_value(
        "Letter"
    )
    page.run()
    assert in_use(page).display.paper == "Letter"


def test_forms_that_a_team_uses_are_used_for_files_that_come(app):
    app.open("settings")
    next(one for one in app.at.selectbox if "form did the client" in one.label).set_value("wai-s")
    app.run()
    app.bring(("items.csv", ("Therapist,Client,Session,Rated by," + ",".join(f"Item {n}" for n in range(1, 13)) + "\n"
               + "\n".join(f"P1,C-1,{s},Client," + ",".join(["4"] * 12) for s in range(1, 4))).encode()))  # fmt: skip
    assert "instrument wai-s;" in app.words


# -- aliases ----------------------------------------------------------------------------------------


def asked(app, name):
    """What the address asks for."""
    value = app.at.query_params[name]
    return value if isinstance(value, str) else value[0]


def mask(app, on=True):
    app.open("settings")
    app.at.toggle[0].set_value(on)
    return app.run()


@pytest.fixture
def notes():
    return b"Therapist,Client,Session,Kind,Significance,Note\nPRAC-1,CASE-1,5,withdrawal,4,as with CASE-2 of PRAC-2"


@pytest.fixture
def people(made, notes, app):
    """Ids that stand in no other text."""
    csv, rows_of = made
    decided = b"Therapist,Client,Session,Decision,Action,Owner,Decided on\nPRAC-1,CASE-1,5,watch,ask CASE-1 about it,PRAC-1,2025-02-01"
    return app.bring(
        ("PRAC-1.csv", csv(rows_of("PRAC-1", "CASE-1", "Client", [4, 4, 4, 4, 2, 2, 2]),
              rows_of("PRAC-1", "CASE-1", "Therapist", [3.5] * 7),
              rows_of("PRAC-1", "CASE-2", "Client", [4, 4, 4, 4, 2]),
              rows_of("PRAC-2", "CASE-3", "Client", [3, 9, 3, 3.25]))),
        ("markers.csv", notes),
        ("review.csv", decided),
    )  # fmt: skip


ID = re.compile(r"(PRAC|CASE)-\d")


def test_under_aliases_no_page_shows_an_id(people):
    pages = [entry.file.removeprefix("pages/").removesuffix(".py") for entry in PAGES]
    assert any(ID.search(text) for text in shown(people.open("case")))  # so that this can fail
    mask(people)
    for page in pages:
        assert [text for text in shown(people.open(page)) if ID.search(text)] == [], page
        assert not [value for value in people.at.query_params.values() if ID.search(str(value))], page
    for page in ("agenda", "practitioner", "case", "decisions"):
        assert any(
            re.search(r"\b[BCDFGHJKLMNPQRTVWXZ]{2}-\d{3}\b", text) for text in shown(people.open(page))
        ), page


def test_the_key_is_on_no_page(people):
    mask(people)
    key = in_use(people).display.alias_key
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    for entry in PAGES:
        page = people.open(entry.file.removeprefix("pages/").removesuffix(".py"))
        assert not any(key in text or key[:12] in text for text in shown(page)), entry.title


def test_other_words_keep_the_aliases_and_another_key_gives_others(people):
    mask(people)
    first = people.at.session_state["masked ratings"]
    people.open("settings").at.selectbox(key="numbers written").set_value("1.234,5")
    people.run()
    other = people.at.session_state["masked ratings"]
    assert other.analysis.settings.display.numbers == "1.234,5"
    assert other.clients == first.clients
    use(people, f'[display]\nmasked = true\nalias_key = "{"ab" * 32}"\n')
    assert people.at.session_state["masked ratings"].clients != first.clients
    mask(people, on=False)
    assert "masked ratings" not in people.at.session_state


def test_ids_come_back_and_what_was_chosen_stays_chosen(people):
    people.open("case", practitioner="PRAC-2", client="CASE-3")
    mask(people)
    title = people.open("case").at.title[0].value.replace("\\", "")
    assert re.fullmatch(r"[A-Z]{2}-\d{3} · [A-Z]{3}", title)
    mask(people, on=False)
    assert people.open("case").at.title[0].value.replace("\\", "") == "CASE-3 · PRAC-2"


def test_an_address_that_names_an_id_leads_to_its_alias(people):
    mask(people)
    people.open("case", practitioner="PRAC-2", client="CASE-3")
    alias = people.at.title[0].value.replace("\\", "")
    assert "CASE" not in alias
    assert asked(people, "client") in alias
    assert not people.at.warning


def test_what_is_decided_under_aliases_is_kept_with_ids(people):
    mask(people)
    people.open("case", practitioner="PRAC-1", client="CASE-1")
    alias = asked(people, "client")
    next(one for one in people.at.text_input if one.label == "Action").set_value(f"ask {alias} again")
    people.click("Save the decision")
    kept = people.at.session_state["decisions"].everything
    assert set(kept["client"]) == {"CASE-1"}
    assert set(kept["practitioner"]) == {"PRAC-1"}
    assert sorted(kept["action"]) == ["ask CASE-1 about it", "ask CASE-1 again"]


def test_whether_an_action_was_done_can_be_noted_under_aliases(people):
    mask(people)
    people.open("decisions")
    people.at.segmented_control[0].set_value("yes")
    people.run()
    assert people.at.session_state["decisions"].everything["done"].tolist() == ["yes"]


def test_on_bring_in_ids_can_be_had_back(people):
    mask(people)
    people.open("bring_in")
    assert not any("Drop spreadsheets" in one.label for one in people.at.file_uploader)
    people.click("Show the ids again")
    assert not in_use(people).display.masked
    assert "forms from 3 files" in people.words


def test_files_that_come_under_aliases_are_not_shown_with_ids_even_once(app, made):
    csv, rows_of = made
    use(app, "[display]\nmasked = true\n")
    app.bring(("PRAC-1.csv", csv(rows_of("PRAC-1", "CASE-1", "Client", [4] * 5))))
    assert [text for text in shown(app) if ID.search(text)] == []
    assert "5 forms from your files." in app.words


# -- as a file --------------------------------------------------------------------------------------


def test_what_is_kept_brings_everything_back(people, app):
    mask(people)
    field(people, "episodes.window").set_value(4)
    send(people, group_of("episodes.window"))
    kept = in_use(people)
    text = to_toml(kept)
    assert tomllib.loads(text)["display"]["alias_key"] == kept.display.alias_key
    assert parse_settings(text.encode()) == kept
    alias = people.open("case").at.title[0].value
    use(people, "")
    assert ID.search(people.open("case").at.title[0].value.replace("\\", ""))
    use(people, text)
    assert in_use(people) == kept
    assert people.open("case").at.title[0].value == alias


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[display]\nnumbers = "1234"\n', "display.numbers"),
        ('[display]\ndates = "yesterday"\n', "display.dates"),
        ('[display]\nalias_key = "abc"\n', "display.alias_key"),
        ("[display]\nmasked = 3\n", "display.masked"),
        ('[display]\npaper = "A5"\n', "display.paper"),
        ("[display]\nfont = 3\n", "display.font"),
        ("not toml", "is not a TOML file"),
    ],
)
def test_a_wrong_file_gives_one_sentence_and_changes_nothing(page, text, says):
    use(page, text)
    said = [error.value.replace("\\", "").replace("\u2060", "") for error in page.at.error]
    assert len(said) == 1
    assert said[0].startswith("mine.toml: ")
    assert says in said[0]
    assert in_use(page) is None
