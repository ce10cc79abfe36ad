"""Words for the pair: chosen once, and on every page, in every chart, table and template at once. A user's own text stays."""

import ast
import importlib
import inspect
import io
import re
from pathlib import Path

import openpyxl
import pytest

from alliance_core.reading.layouts import LAYOUTS
from alliance_core.review.by_case import ByCase
from alliance_core.sample import Design, simulate, write_sample
from alliance_core.settings import Settings, describe
from alliance_core.settings_file import parse_settings, to_toml
from pages.parts.shell import PAGES
from tests.pages.seen import shown

HOME = Path(__file__).parents[2]
ROLE = re.compile(r"\b(clients?|practitioners?|therapists?)\b", re.IGNORECASE)
SCHOOL = '[terms]\nclient = "student"\npractitioner = "teacher"\n'
# Settings is where the settings' names, what they were before, and the choice of words itself are shown.
ALLOWED = {line.key for line in describe(Settings())} | {
    "client and practitioner",
    "student (shipped: client)",
    "teacher (shipped: practitioner)",
}
# What files may hold is told in the words that are recognised there.
OF_FILES = (
    *(
        "(client, therapist)",
        "Client ratings",
        "accepted is client, practitioner (or therapist), or observer",
    ),
    *(layout.looks_like for layout in LAYOUTS),
)


def ours(app):
    """Where the pair is still called by our words, but for what a workbook may hold."""
    left = shown(app) - ALLOWED
    for own in OF_FILES:
        left = {text.replace(own, "") for text in left}
    return {text for text in left if ROLE.search(text)}


def use(app, settings=SCHOOL):
    app.open("settings")
    place = next(one for one in app.at.file_uploader if one.label == "Use settings that you kept")
    place.set_value([("mine.toml", settings.encode(), "application/toml")])
    return app.run()


# -- every page and state ---------------------------------------------------------------------------


def of_school(content):
    """The same workbook as a school writes it."""
    return content.replace(b"Therapist", b"Teacher").replace(b"Client", b"Student")


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """Ten teachers with eight cases each, tasks, goals, markers and notes."""
    path = tmp_path_factory.mktemp("sample") / "team.xlsx"
    write_sample(simulate(Design(practitioners=10, cases=8, sessions=12), 5), path, "long-scores")
    book = openpyxl.load_workbook(path)
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
        if isinstance(cell.value, str) and ROLE.search(cell.value):
            cell.value = (
                of_school(cell.value.encode())
                .decode()
                .replace("practitioner", "teacher")
                .replace("client", "student")
            )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def state_files(made):
    """A workbook for each state that pages have words of their own for."""
    csv, rows_of = made
    both = [4, 4, 4, 4, 2, 2, 2, 4]
    return {
        "one session": csv(rows_of("P1", "C-1", "Client", [4]), rows_of("P1", "C-1", "Therapist", [3])),
        "client alone": csv(rows_of("P1", "C-1", "Client", both)),
        "practitioner alone": csv(rows_of("P1", "C-1", "Therapist", [4, 4, 4, 4, 1, 4])),
        "practitioner's fall": csv(
            rows_of("P1", "C-1", "Client", [4] * 8), rows_of("P1", "C-1", "Therapist", [4, 4, 4, 4, 1, 1, 4, 4])
        ),
        "not answered": csv(rows_of("P1", "C-1", "Client", [None, None, 4]), rows_of("P1", "C-1", "Therapist", [3] * 6)),
        "unlike pairs": csv(rows_of("P1", "C-1", "Client", [4, 3] * 8), rows_of("P1", "C-1", "Therapist", [4] * 16)),
        "problems": csv(
            rows_of("P1", "C-1", "Client", [4, 9, 4]), rows_of("P1", "", "Therapist", [3]), rows_of("P1", "C-1", "nobody", [3]),
            rows_of("p1", "C-1", "Client", [4]), rows_of("P1", "C-1", "Client", [3]),
        ),
    }  # fmt: skip


STATES = [
    *("one session", "client alone", "practitioner alone", "practitioner's fall", "not answered"),
    *("unlike pairs", "problems"),
]


def pages():
    return [Path(entry.file).stem for entry in PAGES]


# Pages that say the same whatever ratings are loaded, or nearly so: looked at with two sets of them.
SAME = ("how_it_works", "learn", "what_if", "settings")


def on_its_pages(app):
    """What the pages that speak of the ratings that are loaded still say in our words."""
    left = {page: ours(app.open(page)) for page in pages() if page not in SAME}
    return {page: found for page, found in left.items() if found}


def everywhere(app):
    """The same of all pages; of a page in parts, each part."""
    left = {page: ours(app.open(page)) for page in pages()}
    for part in ("in pictures", "ways to respond", "practise"):
        app.at.session_state["part of learn"] = part.capitalize()
        left[part] = ours(app.open("learn"))
    return {page: found for page, found in left.items() if found}


def test_no_page_is_empty_of_words_before_and_none_has_ours_after(app):
    assert everywhere(app)  # so that this can fail
    assert everywhere(use(app)) == {}


@pytest.mark.parametrize("state", STATES)
def test_no_page_has_our_words_in_any_state(app, made, state):
    app.bring(("ratings.csv", of_school(state_files(made)[state])))
    assert on_its_pages(use(app)) == {}


def test_no_page_has_our_words_with_a_whole_team(app, team):
    app.open("bring_in")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    app.at.file_uploader[0].set_value([("team.xlsx", team, kind)])
    app.run()
    assert everywhere(use(app)) == {}
    practitioner = app.open("practitioner")
    practitioner.at.segmented_control(key="way to show cases").set_value("Strip of sessions")
    practitioner.run()
    for shows in ("Client's rating", "Gap", "What the rule saw"):
        practitioner.at.segmented_control(key="fields show").set_value(shows)
        assert ours(practitioner.run()) == set()
    for case in range(1, 9):
        assert ours(app.open("case", practitioner="P01", client=f"C-{case:03}")) == set()


@pytest.mark.parametrize(
    "rule", ["baseline", "step", "reliable_change", "control_chart", "sudden_loss", "threshold"]
)
def test_nor_under_any_rule(app, made, rule):
    app.bring(("ratings.csv", of_school(state_files(made)["client alone"])))
    use(app, SCHOOL + f'[detection]\nmethod = "{rule}"\n')
    assert on_its_pages(app) == {}


@pytest.mark.parametrize("beside", ["markers", "cases", "personal"])
def test_nor_beside_other_sheets(app, workbook, beside):
    more = {
        "markers": b"Teacher,Student,Session,Kind,Significance\nP1,C-1,3,withdrawal,4\nP9,C-9,2,confrontation,5",
        "cases": b"Teacher,Student,Team,Closed\nP1,C-1,North,yes\nP1,C-8,South,",
        "personal": b"Teacher,Student,Session,Rated by,E-mail,Goal,Task,Bond\nP7,C-7,1,Student,a@b.example,1,2,3",
    }
    app.bring(("ratings.csv", of_school(workbook)), (f"{beside}.csv", more[beside]))
    assert on_its_pages(use(app)) == {}


def test_nor_while_something_is_asked(app):
    head = "Teacher,Student,Session,Date,Rated by"
    app.bring(
        ("range.csv", f"{head},Goal,Task,Bond\nP1,C-1,1,3/4/2025,Student,5,6,7\nP1,C-1,1,3/4/2025,Teacher,5,6,7".encode()),
        ("whose.csv", b"Teacher,Student,Session,Goal,Task,Bond\nP1,C-1,1,5,6,7"),
        ("what.csv", b"zurv,plok,trin,whem,ga,gb\nP1,C-1,1,zul,4,5\nP1,C-1,2,mak,4,5\nP1,C-2,1,zul,3,5"),
    )  # fmt: skip
    use(app).open("bring_in")
    assert ours(app) == set()


# -- what does not change ---------------------------------------------------------------------------


def test_ids_and_headers_of_the_workbook_stay_as_they_are(app, made):
    csv, rows_of = made
    app.bring(("client 7.csv", csv(rows_of("practitioner A", "client 7", "Client", [4, 4, 4, 4, 2]))))
    use(app)
    assert "client 7 · practitioner A" in app.open("case").words
    assert "The student's overall rating fell" in app.words
    told = app.open("bring_in").words
    assert "5 forms from client 7.csv: 1 case of 1 teacher." in told
    assert "Therapist: teacher; Client: student; Session: session" in told
    assert "client 7 →" in app.open("practitioner").words


def test_addresses_files_and_settings_keep_their_names(app, workbook):
    app.bring(("team.csv", workbook))
    use(app).open("case", practitioner="P1", client="C-2")
    assert app.at.query_params["practitioner"] == "P1"
    assert app.at.session_state["brought"].problems.columns.tolist()[-1] == "message"
    assert app.at.session_state["loaded"].analysis.cases.columns.tolist()[:2] == ["practitioner", "client"]


# -- choosing words ---------------------------------------------------------------------------------


def box(app, label="What are the two called?"):
    return next(one for one in app.at.selectbox if one.label == label)


def test_a_pair_is_chosen_and_holds_on_all_pages_at_once(loaded):
    loaded.open("settings")
    assert box(loaded).value == "client and practitioner"
    box(loaded).select("patient and doctor")
    loaded.run()
    assert "What is said of doctors and groups" in loaded.words
    loaded.open("how_it_works")
    assert "who receives what" not in loaded.words
    assert "whose form it is: patient or doctor" in loaded.words
    loaded.open("agenda").open("case", practitioner="P1", client="C-1")
    assert "The patient's overall rating fell 50 points" in loaded.words
    assert "The doctor's rating did not register it." in loaded.words
    assert box(loaded.open("settings")).value == "patient and doctor"


def own_words(app, **given):
    app.open("settings")
    box(app).select("own words")
    app.run()
    fields = {one.key.split()[1]: one for one in app.at.text_input if (one.key or "").startswith("word ")}
    for name, word in given.items():
        fields[name].input(word)
    return app.click("Use these words")


def test_own_words_are_literal_text_everywhere(loaded):
    own_words(loaded, client="Klient*in", clients="Klient*innen", practitioner="**T** [x](http://a.b)")
    loaded.open("practitioner", practitioner="P1")
    assert "episodes found in Klient*innen's ratings" in loaded.words
    title = next(one for one in loaded.at.selectbox if one.key == "pick practitioner").label
    assert title.startswith(r"\*\*T\*\* \[x\]")
    assert "](http" not in "".join(one.value for one in loaded.at.markdown)
    assert box(loaded.open("settings")).value == "own words"
    loaded.open("learn")
    assert r"After a session Klient\*in and \*\*T\*\*" in "".join(one.value for one in loaded.at.markdown)


def test_words_that_cannot_be_used_are_refused_with_a_sentence(loaded):
    own_words(loaded, client="12")
    assert "Who comes for help, care or lessons: a word has at least one letter." in loaded.words
    own_words(loaded, client="Teacher", practitioner="teacher")
    assert "the two need two different words." in loaded.words
    assert ours(loaded.open("agenda"))


def test_other_words_need_no_other_analysis(loaded):
    before = loaded.at.session_state["loaded"].analysis
    use(loaded)
    after = loaded.at.session_state["loaded"].analysis
    assert after.episodes is before.episodes
    assert after.settings.terms.client == "student"
    assert after.settings.detection == before.settings.detection


def test_other_words_need_no_other_look_at_where_each_case_is(loaded, monkeypatch):
    loaded.open("agenda").open("practitioner")
    looked, place = [], ByCase.placed
    monkeypatch.setattr(ByCase, "placed", lambda found: looked.append(1) or place(found))
    before = loaded.at.session_state["loaded"]
    use(loaded)
    after = loaded.at.session_state["loaded"]
    assert looked == []
    assert after.content != before.content
    for name in ("clients", "lines", "chance"):
        assert vars(after)[name] is vars(before)[name]
    assert "student" in loaded.open("practitioner").words


# -- settings as a file -----------------------------------------------------------------------------


def test_settings_come_back_from_their_file(loaded):
    use(loaded, SCHOOL + "[episodes]\nwindow = 4\n")
    kept = loaded.at.session_state["settings in use"]
    assert (kept.episodes.window, kept.terms.practitioner) == (4, "teacher")
    assert kept.detection.method == "last_three"  # what a file does not say stays as pages begin
    assert loaded.at.session_state["loaded"].analysis.settings == kept
    assert parse_settings(to_toml(kept).encode()) == kept
    download = next(one for one in loaded.at.get("download_button") if "settings" in one.proto.label)
    assert download.proto.label == "Download these settings (TOML)"


def test_a_settings_file_that_cannot_be_used_gets_a_sentence_and_changes_nothing(loaded):
    use(loaded, '[terms]\nclient = ""\n')
    assert "mine.toml: terms.client: a word has at least one letter." in loaded.words
    assert box(loaded).value == "client and practitioner"


def test_words_and_numbers_can_be_brought_in_before_any_ratings(app, workbook):
    use(app, SCHOOL + "[episodes]\nwindow = 4\n")
    app.bring(("team.csv", workbook))
    assert app.at.session_state["loaded"].analysis.settings.episodes.window == 4
    assert "2 teachers." in app.words


def test_clearing_lets_go_of_the_words_too(loaded):
    use(loaded).open("bring_in").click("Clear my data")
    assert box(loaded.open("settings")).value == "client and practitioner"


def test_the_template_explains_its_headers_in_these_words(loaded, tmp_path):
    use(loaded).open("bring_in")
    from alliance_core.template import write_template
    from alliance_core.terms import Terms

    path = tmp_path / "template.xlsx"
    write_template(path, terms=Terms("student", "teacher"))
    book = openpyxl.load_workbook(path)
    told = [cell.value for cell in book["Help"]["A"]]
    assert (
        "In headers and lists, Client is the student and Therapist is the teacher. Leave these words as they are."
        in told
    )
    assert "Session: 1 for the first session of a student with this teacher, then 2, 3 and so on." in told
    assert [cell.value for cell in book["Ratings"][1]][:2] == ["Therapist", "Client"]


# -- so that it stays so ----------------------------------------------------------------------------

WORDING = {"termed", "termed_markdown"}
SOURCES = [HOME / "app.py", *sorted((HOME / "pages").rglob("*.py"))]
# Functions of the core that make what is read, by the name under which pages know their module.
TELLING = {
    name: importlib.import_module(f"alliance_core.{name}")
    for name in ("sentences", "work_sentences", "figures", "charts")
}


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(HOME)))
def test_a_sentence_in_a_page_that_names_the_pair_is_termed(path):
    """Write termed("… the client …"), or termed_markdown(…) where Markdown is read; texts at the top of a file are termed where they are used."""
    for function in functions(ast.parse(path.read_text(encoding="utf-8"))):
        wrapped = {
            id(part)
            for call in ast.walk(function)
            if isinstance(call, ast.Call)
            and getattr(call.func, "id", getattr(call.func, "attr", "")) in WORDING
            for part in ast.walk(call)
        }
        body = function.body[1:] if ast.get_docstring(function) else function.body
        for node in (part for line in body for part in ast.walk(line)):
            prose = (
                isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip()
            )
            if prose and ROLE.search(node.value) and id(node) not in wrapped:
                assert node.value in NAMES, f"line {node.lineno}: {node.value}"


# Values of tables, names of columns that go through `headers`, and keys.
NAMES = {"practitioner only", "client relevance", "practitioner relevance", "in the client's words",
         "in the practitioner's words", "Client's rating"}  # fmt: skip


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(HOME)))
def test_what_tells_of_the_pair_is_told_its_words(path):
    """Pass terms=pair() to whatever in the core takes terms."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        module = TELLING.get(getattr(call.func.value, "id", ""))
        made = getattr(module, call.func.attr, None)
        if not inspect.isfunction(inspect.unwrap(made)) if made else True:
            continue
        names = list(inspect.signature(made).parameters)
        if "terms" in names:
            given = {word.arg for word in call.keywords} | set(names[: len(call.args)])
            starred = any(isinstance(one, ast.Starred) for one in call.args)
            assert "terms" in given or starred, f"line {call.lineno}: {ast.unparse(call)}"
