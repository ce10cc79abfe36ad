"""A page says a page's words, and the command line names its options."""

import ast
import re
from pathlib import Path

import pytest

from alliance_core.reading import read_workbooks
from alliance_core.reading.answering import in_place, worded
from alliance_core.reading.asking import in_words

HOME = Path(__file__).parents[2]
# A profile is a file for both places, and the phrases themselves stand in answering.
OTHERS = {"profiles", "answering"}
SOURCES = [one for one in sorted((HOME / "alliance_core" / "reading").glob("*.py")) if one.stem not in OTHERS]
AN_OPTION = re.compile(r"--[a-z]|MIN:MAX|date_order|\[raters\]|in a profile|\(mdy\)")
THE_PAGE = re.compile(r"on the page(?!, which)|this page")


def sentences(path):
    """Texts of the code that are no docstrings and have several words."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = [
        node.body[0] for node in ast.walk(tree) if isinstance(getattr(node, "body", None), list) and node.body
    ]
    docstrings = {id(node.value) for node in documented if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and node.value.count(" ") > 2
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_sentence_of_reading_is_said_in_the_words_of_the_other_place(path):
    for text in sentences(path):
        assert not AN_OPTION.search(in_place(text, "page")), text
        assert not THE_PAGE.search(in_place(text, "command line")), text


@pytest.fixture(scope="module")
def found():
    return read_workbooks(HOME / "sample_data" / "problems.xlsx")


def test_nor_is_any_problem_or_question(found):
    ratings, problems = worded(*found, "page")
    told = [*problems["message"], *map(in_words, ratings.questions)]
    assert not [text for text in told if AN_OPTION.search(text)]
    assert any("State the order: day first or month first, on this page." in text for text in told)
    assert any("Candidates: day first, month first." in text for text in told)
    ratings, problems = worded(*found, "command line")
    told = [*problems["message"], *map(in_words, ratings.questions)]
    assert not [text for text in told if THE_PAGE.search(text)]
    assert any("scores go (--range MIN:MAX)?" in text for text in told)


def test_nothing_else_changes(found):
    ratings, problems = found
    for place in ("page", "command line"):
        other, told = worded(ratings, problems, place)
        assert told.drop(columns="message").equals(problems.drop(columns="message"))
        assert told.dtypes.equals(problems.dtypes)
        assert other.forms is ratings.forms
        assert [one.code for one in other.questions] == [one.code for one in ratings.questions]
