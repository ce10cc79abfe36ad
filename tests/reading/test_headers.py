import pytest

from alliance_core.reading.headers import Meaning, meaning_of, parse_meaning, suggestion


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Therapist", "practitioner"),
        ("therapist_id", "practitioner"),
        ("ID Client", "client"),
        ("Patient code", "client"),
        ("Session no.", "session"),
        ("SESSION", "session"),
        ("Date of session", "date"),
        ("Session date", "date"),
        ("Rated by", "rater"),
        ("Items answered", "items answered"),
        ("Therapist items answered", "practitioner items answered"),
        ("Goal", "goal"),
        ("Goal agreement", "goal"),
        ("Client goal", "client goal"),
        ("goal (Client)", "client goal"),
        ("TherapistBond", "practitioner bond"),
        ("bond_t", "practitioner bond"),
        ("WAI total", "overall"),
        ("Client WAI total", "client overall"),
        ("Item 1", "item 1"),
        ("q12", "item 12"),
        ("WAI_SR_7", "item 7"),
        ("question3", "item 3"),
        ("C1", "client item 1"),
        ("T12", "practitioner item 12"),
        ("Client item 4", "client item 4"),
        ("Q3_client", "client item 3"),
        ("Item 5 (therapist)", "practitioner item 5"),
        ("item12_T", "practitioner item 12"),
        ("3. Statement", "item 3"),
        ("Goal rated by client", "client goal"),
        ("Bond by therapist", "practitioner bond"),
        ("Behandlerin", "practitioner"),
        ("Klient", "client"),
        ("Therapeut:in", "practitioner"),
        ("Klient*innen", "client"),
        ("WAI-SR\nGoal (1-5)", "goal"),
        ("Bond [0–10]", "bond"),
        ("Rated by (C/T)", "rater"),
        ("Date (dd/mm/yyyy)", "date"),
        ("waisr_total", "overall"),
        ("Sitzung", "session"),
        ("Datum", "date"),
        ("Klient Ziel", "client goal"),
        ("Aufgaben", "task"),
        ("thérapeute", "practitioner"),
        ("séance", "session"),
        ("tâche", "task"),
        ("vínculo", "bond"),
        ("sesión", "session"),
        ("cliënt", "client"),
        ("behandelaar", "practitioner"),
    ],
)
def test_known_headers(header, meaning):
    assert str(meaning_of(header)) == meaning


@pytest.mark.parametrize(
    "header",
    [
        "S1",
        "S12",
        "",
        "7",
        "Relationship to others in the family",
        "Q1 text",
        "S3 client",
        "Session 3 client",
        "Goal (reached)",
        "Item 37",
        "Item 0",
    ],
)
def test_headers_that_stay_unknown(header):
    assert meaning_of(header) is None


def test_a_near_miss_is_suggested_and_never_taken():
    assert meaning_of("Terapist") is None
    assert suggestion("Terapist") == "therapist"
    assert suggestion("Blood pressure") == ""


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("practitioner", Meaning("practitioner")),
        ("client bond", Meaning("bond", "client")),
        ("practitioner item 3", Meaning("item_3", "practitioner")),
        ("items answered", Meaning("answered")),
        ("ignore", Meaning("ignore")),
        ("client date", None),
        ("item 40", None),
        ("nonsense", None),
    ],
)
def test_meanings_as_a_profile_writes_them(words, meaning):
    assert parse_meaning(words) == meaning
