"""User text on its way to Markdown, and the sinks that it may not reach without being escaped."""

import ast
import tomllib
from pathlib import Path

import pytest

from pages.parts.plain import plain, unseen_removed

HOME = Path(__file__).parents[2]
SOURCES = [HOME / "app.py", *sorted((HOME / "pages").rglob("*.py"))]
EVERYWHERE = [*SOURCES, *sorted((HOME / "alliance_core").rglob("*.py"))]

WJ = "\u2060"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("C-017", r"C\-017"),
        ("![x](http://a.b)", rf"\!\[x\]\(http{WJ}\:{WJ}\/\/a\.b\)"),
        ("www.a.b", rf"www{WJ}\.a\.b"),
        ("a@b.c", rf"a{WJ}\@{WJ}b\.c"),
        ("mailto:a", rf"mailto{WJ}\:{WJ}a"),
        (":smile:", rf"\:{WJ}smile\:{WJ}"),
        (":material/home:", rf"\:{WJ}material\/home\:{WJ}"),
        (":red[x]", rf"\:{WJ}red\[x\]"),
        ("$x$", r"\$x\$"),
        ("<b>", r"\<b\>"),
        ("one\ntwo\tthree", "one two three"),
        ("a\u202eb\u0000c", "abc"),
        ("Ünï 北", "Ünï 北"),
        (7, "7"),
    ],
)
def test_what_is_seen_is_what_stood_in_the_cell(cell, shown):
    assert plain(cell) == shown


def test_places_without_markdown_lose_only_what_cannot_be_seen():
    assert unseen_removed("**C**\u202e-1\n2") == "**C**-1 2"


def names_in(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword):
            yield node.arg


@pytest.mark.parametrize("path", EVERYWHERE, ids=lambda path: str(path.relative_to(HOME)))
def test_no_sink_that_runs_markup(path):
    found = set(names_in(ast.parse(path.read_text(encoding="utf-8"))))
    assert not found & {
        "unsafe_allow_html",
        "unsafe_allow_javascript",
        "html",
        "iframe",
        "components",
        "use_container_width",
    }


@pytest.mark.parametrize(
    "path", sorted((HOME / "alliance_core" / "charts").glob("*.py")), ids=lambda path: path.name
)
def test_no_chart_links_fetches_or_shows_an_image(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not set(names_in(tree)) & {"href", "url", "Href", "Url", "mark_image", "UrlData"}
    fields = {
        node.value.split(":")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert "image" not in fields


# Commands whose first argument reads Markdown.
SINKS = {
    "title", "header", "subheader", "caption", "markdown", "info", "warning", "error", "success", "toast", "expander",
    "popover", "button", "download_button", "form_submit_button", "metric", "badge", "status", "progress", "spinner",
    "selectbox", "multiselect", "radio", "number_input", "text_input", "checkbox", "toggle", "file_uploader", "pills", "tabs",
    "segmented_control", "link_button", "write", "latex",
}  # fmt: skip
LABELLED = {"page_link": "label"}


OF_OURS = {"termed_markdown", "rewritten"}  # put other words or signs into a text of our own


def is_safe(node):
    """A text of our own, or one that went through `plain`."""
    if isinstance(node, ast.Call):
        own_file = isinstance(node.func, ast.Attribute) and node.func.attr == "read_text"
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return own_file or name in ("plain", "title_of") or (name in OF_OURS and is_safe(node.args[0]))
    if isinstance(node, ast.IfExp):
        return is_safe(node.body) and is_safe(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return all(is_safe(part.value) for part in node.values if isinstance(part, ast.FormattedValue))
    if isinstance(node, ast.List):
        return all(is_safe(part) for part in node.elts)
    return isinstance(node, ast.Constant)


# Not from a workbook: our own titles of pages, the words "client" and "practitioner", a number, our own texts on measures, settings and steps of
# the tour, what a table is given besides its frame.
OWN = {
    "explained": {"one"},
    "ratings_or_stop": {"page"},
    "pick_instruments": {"rater"},
    "_field": {"line"},
    "box": {"step"},
    "choose_names": {"SHORTEST_WORD"},
    "table": {"settled"},
    "pick": {"line"},
    "show": {"share"},
}


def calls_of(tree):
    """Each call with the name of the function that it stands in."""
    inside = dict.fromkeys(ast.walk(tree), tree)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        inside.update(dict.fromkeys(ast.walk(function), function))
    return [
        (node, getattr(inside[node], "name", "")) for node in ast.walk(tree) if isinstance(node, ast.Call)
    ]


def own_words(node, function):
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - OF_OURS
    return bool(names) and names <= OWN.get(function, set())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(HOME)))
def test_whatever_reaches_markdown_went_through_plain(path):
    for call, function in calls_of(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call.func, ast.Attribute):
            continue
        name = call.func.attr
        read = [
            word.value
            for word in call.keywords
            if word.arg in (LABELLED.get(name), "help", "placeholder", "text")
        ]
        if name == "progress":
            read += call.args[1:2]
        elif name in SINKS:
            read += call.args[:1]
        for node in read:
            assert is_safe(node) or own_words(node, function), f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(HOME)))
def test_every_download_has_a_token_in_its_name(path):
    """Large downloads are told apart by their name only; without a token one visitor could be handed another's file."""
    for call, _ in calls_of(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "download_button":
            (name,) = [word.value for word in call.keywords if word.arg == "file_name"]
            assert "token" in set(names_in(name)), f"line {call.lineno}: {ast.unparse(name)}"


def test_tables_hand_out_nothing_of_their_own():
    """Streamlit's CSV of a table, and its clipboard, would hold a cell such as "=HYPERLINK(…)" as a live formula."""
    config = tomllib.loads((HOME / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["client"]["disableDataExport"] is True


def test_the_charts_are_made_in_one_folder():
    """Where the test above looks for links and images."""
    using = [path for path in EVERYWHERE if "altair" in path.read_text(encoding="utf-8")]
    assert using
    assert {path.parent for path in using} == {HOME / "alliance_core" / "charts"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(HOME)))
def test_every_table_and_chart_has_words(path):
    for call, _ in calls_of(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call.func, ast.Attribute) and call.func.attr in (
            "dataframe",
            "vega_lite_chart",
            "altair_chart",
            "data_editor",
        ):
            assert "alt" in [word.arg for word in call.keywords]
