"""The words for the pair: grammar, presets, settings, and what a text quotes of a user."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.settings import Settings, SettingsError
from alliance_core.settings_file import parse_settings, to_toml
from alliance_core.terms import PRESETS, TERMS, Terms, capital, terms_of
from tests.measures.made import repeatable

SCHOOL = Terms("student", "teacher")
OWN = Terms("Klient*in", "adviser", "Klient*innen")


@pytest.mark.parametrize(
    ("text", "school", "own"),
    [
        ("the client's rating", "the student's rating", "the Klient*in's rating"),
        ("in clients' ratings", "in students' ratings", "in Klient*innen's ratings"),
        ("the practitioners’ means", "the teachers' means", "the advisers' means"),
        ("Practitioner minus client.", "Teacher minus student.", "Adviser minus Klient*in."),
        ("a practitioner and a client", "a teacher and a student", "an adviser and a Klient*in"),
        ("A practitioner, Clients", "A teacher, Students", "An adviser, Klient*innen"),
        ("practitioner − client", "teacher − student", "adviser − Klient*in"),
        (
            "**client**: client/practitioner",
            "**student**: student/teacher",
            "**Klient*in**: Klient*in/adviser",
        ),
        ("a client-higher gap", "a student-higher gap", "a Klient*in-higher gap"),
        (
            "client_goal, clientele, subclient, e-client_1",
            "client_goal, clientele, subclient, e-client_1",
            None,
        ),
        ("nobody rated", "nobody rated", "nobody rated"),
    ],
)
def test_own_texts_are_said_in_a_teams_words(text, school, own):
    assert SCHOOL.termed(text) == school
    assert OWN.termed(text) == (school if own is None else own)
    assert TERMS.termed(text) == text


@pytest.mark.parametrize(
    ("word", "article"),
    [("adviser", "an"), ("Élève", "an"), ("user", "a"), ("university tutor", "a"), ("european", "a"), ("uncle", "an"),
     ("Übersetzer", "an"), ("one to one tutor", "a"), ("学生", "a"), ("طالب", "a")],
)  # fmt: skip
def test_a_or_an(word, article):
    assert Terms(word, "x").termed("a client") == f"{article} {word}"


def test_words_of_raters_and_capitals():
    assert [SCHOOL.of(rater) for rater in ("client", "practitioner", "observer")] == [
        "student",
        "teacher",
        "observer",
    ]
    assert (capital("élève"), capital("學生"), capital("")) == ("Élève", "學生", "")
    assert (OWN.clients, OWN.practitioners) == ("Klient*innen", "advisers")


def test_words_are_made_fit_for_where_they_go():
    assert (
        OWN.termed("**Client** and practitioners", lambda word: f"<{word}>")
        == "**<Klient*in>** and <advisers>"
    )


def test_what_is_quoted_of_a_user_stays():
    told = SCHOOL.termed_around(
        "Client bond of client 7 is 9: the client's form.", ["client 7", "Client bond", "", "x"]
    )
    assert told == "Client bond of client 7 is 9: the student's form."
    assert SCHOOL.termed_around("the client", []) == "the student"
    assert TERMS.termed_around("the client", []) == "the client"


def test_presets():
    assert [(one.client, one.practitioner) for one in PRESETS] == [
        ("client", "practitioner"), ("student", "teacher"), ("patient", "doctor"),
    ]  # fmt: skip


def parsed(text):
    return parse_settings(text.encode())


def test_terms_are_settings_in_any_languages_letters():
    settings = parsed('[terms]\nclient = "  ученик "\nclients = "ученики"\npractitioner = "معلم"\n')
    assert terms_of(settings) == Terms("ученик", "معلم", "ученики")
    assert parsed(to_toml(settings)) == settings
    assert terms_of(Settings()) == TERMS


def test_letters_are_written_in_one_form_and_joiners_within_words_stay():
    assert parsed('[terms]\nclient = "e\u0301le\u0300ve"').terms.client == "élève"
    assert parsed('[terms]\nclient = "دانش\u200cآموز"').terms.client == "دانش\u200cآموز"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('client = ""', "terms.client: a word has at least one letter."),
        ('client = "12"', "terms.client: a word has at least one letter."),
        ('clients = "*"', "terms.clients: a word has at least one letter."),
        ('client = "a\\nb"', "terms.client: a word has no line ends and no invisible characters."),
        ('client = "a\\u202eb"', "terms.client: a word has no line ends and no invisible characters."),
        ('client = "Practitioner"', "terms: the two need two different words."),
        (f'practitioner = "{"x" * 25}"', "terms.practitioner: String should have at most 24 characters."),
        ("client = 3", "terms.client: Input should be a valid string."),
        ('pupil = "x"', "terms.pupil: Extra inputs are not permitted."),
    ],
)
def test_words_that_cannot_be_used_are_refused_in_one_sentence(line, says):
    with pytest.raises(SettingsError) as caught:
        parsed(f"[terms]\n{line}\n")
    assert str(caught.value) == f"settings: {says}"


words = st.text("abcxyzß學é*'{}[]()_ ", min_size=1, max_size=8).filter(
    lambda word: any(letter.isalpha() for letter in word)
)
parts = st.sampled_from(
    ["client", "a Client", "practitioners'", "Clients", "practitioner’s", "the", "gap.", "an", "−", "_"]
)


@repeatable(200)
@given(words, words, st.lists(parts, max_size=12))
def test_no_word_of_ours_for_the_pair_is_left_and_all_others_stay(client, practitioner, text):
    told = Terms(client, practitioner).termed(" ".join(text))
    assert re.search(r"client|practitioner", told, re.IGNORECASE) is None
    assert told.count("gap.") == text.count("gap.")
