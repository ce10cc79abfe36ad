"""One set of ratings in every layout and format, written in every way: the same scores.csv, byte for byte."""

import datetime
import itertools
import random

import pytest

from alliance_core import analyse, read_workbooks
from alliance_core.reports.tables_out import to_csv
from alliance_core.sample import LAYOUTS as SAMPLE_LAYOUTS
from alliance_core.sample import Design, arranged, simulate, write_sample
from alliance_core.tables import SCORES
from tests.reading.written import WORKBOOKS, as_text

IDS = ["Therapist", "Client", "Session", "Date"]
SIDES = {"client": "Client", "practitioner": "Therapist"}
WORDS = ["Seldom", "Sometimes", "Fairly often", "Very often", "Always"]
WAI_SR = {"goal": (4, 6, 8, 11), "task": (1, 2, 10, 12), "bond": (3, 5, 7, 9)}
LINES = {"goal": (2,), "task": (3,), "bond": (1,)}


def made(raters, items, marks):
    """(ids, rater, answers) of two therapists, three clients, four sessions; a form and some answers are missing."""
    rng = random.Random(5)  # noqa: S311
    forms = []
    for client, session, rater in itertools.product(range(3), range(1, 5), raters):
        day = datetime.date(2025, 1, 20) + datetime.timedelta(days=7 * session + client)
        answers = [rng.choice(marks) for _ in range(items)]
        if (client, session) == (1, 2) and items > 4:
            answers[rng.randrange(items)] = None
        if (client, session, rater) != (2, 3, raters[-1]):
            forms.append(([f"P0{client % 2 + 1}", f"C-00{client}", session, day], rater, answers))
    return forms


FORMS = {
    "wai-sr": made(("client", "practitioner"), 12, (1, 2, 3, 4, 5)),
    "four-lines": made(("client",), 4, (0, 2.5, 7, 8.25, 9, 10)),
}
KEYS = {"wai-sr": WAI_SR, "four-lines": LINES}


def means(instrument, answers):
    def mean(numbers):
        given = [answers[n - 1] for n in numbers if answers[n - 1] is not None]
        return sum(given) / len(given)

    every = range(1, len(answers) + 1)
    found = {name: mean(items) for name, items in KEYS[instrument].items()}
    return {**found, "overall": mean(every), "items answered": sum(a is not None for a in answers)}


def numbered(instrument, prefix):
    return [f"{prefix}{n}" for n in range(1, 13 if instrument == "wai-sr" else 5)]


def long_items(instrument, forms):
    header = [*IDS, "Rated by", *numbered(instrument, "Item ")]
    return {"Ratings": [header, *([*ids, SIDES[rater], *answers] for ids, rater, answers in forms)]}


def long_scores(instrument, forms):
    names = [*KEYS[instrument], "overall", "items answered"]
    rows = [
        [*ids, SIDES[rater], instrument, *means(instrument, answers).values()]
        for ids, rater, answers in forms
    ]
    return {"Ratings": [[*IDS, "Rated by", "Instrument", *names], *rows]}


def _beside(forms, values, width):
    rows = {}
    for ids, rater, answers in forms:
        rows.setdefault(tuple(ids), {})[rater] = values(answers)
    blank = [None] * width
    return [[*ids, *itertools.chain(*(own.get(r, blank) for r in SIDES))] for ids, own in rows.items()]


def paired_items(instrument, forms):
    header = [*IDS, *numbered(instrument, "C"), *numbered(instrument, "T")]
    return {"Ratings": [header, *_beside(forms, lambda answers: answers, 12)]}


def paired(instrument, forms):
    names = [*KEYS[instrument], "overall", "items answered"]
    header = [*IDS, "Instrument", *(f"{who} {name}" for who in SIDES.values() for name in names)]
    rows = _beside(forms, lambda answers: list(means(instrument, answers).values()), 5)
    return {"Ratings": [header, *([*row[:4], instrument, *row[4:]] for row in rows)]}


def two_row_headers(instrument, forms):
    ((name, (header, *rows)),) = paired(instrument, forms).items()
    upper = [None] * 5 + ["Client", None, None, None, None, "Therapist", None, None, None, None]
    lower = [text.split(" ", 1)[1] if text.startswith(("Client ", "Therapist ")) else text for text in header]
    return {name: [upper, lower, *rows]}


def two_sheets(instrument, forms):
    header = [*IDS, *numbered(instrument, "q")]
    return {
        f"{name} ratings": [header, *([*ids, *answers] for ids, rater, answers in forms if rater == side)]
        for side, name in SIDES.items()
    }


def _sheet_each(sheets, column):
    ((header, *rows),) = sheets.values()
    found = {}
    for row in rows:
        found.setdefault(row[column], [header[:column] + header[column + 1 :]]).append(
            row[:column] + row[column + 1 :]
        )
    return found


def per_practitioner(instrument, forms):
    return _sheet_each(long_items(instrument, forms), 0)


def per_practitioner_paired(instrument, forms):
    return _sheet_each(paired(instrument, forms), 0)


def per_case(instrument, forms):
    return _sheet_each(long_items(instrument, forms), 1)


def matrix(instrument, forms):
    names = [*KEYS[instrument], "overall", "items answered"]
    rows = {}
    for (practitioner, client, session, day), rater, answers in forms:
        row = rows.setdefault((practitioner, client, SIDES[rater], instrument), [None] * 24)
        row[(session - 1) * 6 : session * 6] = [day, *means(instrument, answers).values()]
    header = [f"S{session} {name}" for session in range(1, 5) for name in ("date", *names)]
    return {
        "Ratings": [
            ["Therapist", "Client", "Rated by", "Instrument", *header],
            *([*k, *v] for k, v in rows.items()),
        ]
    }


def matrix_of_items(instrument, forms):
    """Sessions stand above, over all their items."""
    items = numbered(instrument, "Q")
    rows = {}
    for (practitioner, client, session, day), rater, answers in forms:
        width = len(items) + 1
        row = rows.setdefault((practitioner, client, SIDES[rater]), [None] * (4 * width))
        row[(session - 1) * width : session * width] = [day, *answers]
    blank = [None] * len(items)
    upper = [None] * 3 + list(itertools.chain(*([f"Session {n}", *blank] for n in range(1, 5))))
    lower = ["Therapist", "Client", "Rated by", *(["Date", *items] * 4)]
    return {"Ratings": [upper, lower, *([*k, *v] for k, v in rows.items())]}


def per_score(instrument, forms):
    """A sheet for each score, named after it."""
    sheets = {}
    for name in (*KEYS[instrument], "overall"):
        more = ["Items answered"] * (name == "overall")
        rows = [
            [
                *ids,
                SIDES[rater],
                instrument,
                means(instrument, a)[name],
                means(instrument, a)["items answered"],
            ]
            for ids, rater, a in forms
        ]
        header = [*IDS, "Rated by", "Instrument", "Score", *more]
        sheets[f"{name.capitalize()} scores"] = [header, *(row[: len(header)] for row in rows)]
    return sheets


def per_score_and_side(instrument, forms):
    """The same with both raters beside each other; the column is headed only Total."""
    ((_, (_, *rows)),) = paired(instrument, forms).items()
    sheets = {}
    for at, name in enumerate((*KEYS[instrument], "overall"), start=5):
        counts = [f"{who} items answered" for who in SIDES.values()] * (name == "overall")
        header = [*IDS, "Instrument", *(f"{who} total" for who in SIDES.values()), *counts]
        sheets[name] = [
            header,
            *([*row[:5], row[at], row[at + 5], row[9], row[14]][: len(header)] for row in rows),
        ]
    return sheets


def matrix_per_score(instrument, forms):
    """A sheet for each score, in which sessions are columns."""
    ((_, (header, *rows)),) = matrix(instrument, forms).items()
    kept = {
        name: [at for at, text in enumerate(header) if at < 4 or text.endswith((f" {name}", " date"))]
        for name in (*KEYS[instrument], "overall")
    }
    kept["overall"] += [at for at, text in enumerate(header) if text.endswith("answered")]
    bare = [
        text.removesuffix(f" {text.split(' ')[-1]}") if text.endswith(tuple(kept)) else text
        for text in header
    ]
    return {name.upper(): [[row[at] for at in own] for row in (bare, *rows)] for name, own in kept.items()}


def survey(instrument, forms):
    ((_, *rows),) = long_items(instrument, forms).values()
    n = len(numbered(instrument, ""))
    names = [
        "ResponseId",
        "RecordedDate",
        "Q1",
        "Q2",
        "Q3",
        "Q4",
        "Q5",
        *(f"Q6_{i}" for i in range(1, n + 1)),
    ]
    texts = ["Response ID", "Recorded Date", "Therapist code", "Please enter the client's code"]
    texts += ["Which session is this?", "Date of the session", "Are you the client or the therapist?"]
    texts += [f"How well does this fit? - Line {i}" for i in range(1, n + 1)]
    ids = [f'{{"ImportId":"QID{i}"}}' for i in range(len(names))]
    return {
        "Export": [names, texts, ids, *([f"R_{i}", "2025-06-01 10:00", *row] for i, row in enumerate(rows))]
    }


def two_header_rows(instrument, forms):
    """As other survey tools write: names, question texts, answers."""
    ((names, texts, _, *rows),) = survey(instrument, forms).values()
    return {"Export": [names, texts, *rows]}


def questions_in_brackets(instrument, forms):
    """One row of headers, which are questions and their parts; nothing is called Rater."""
    ((_, *rows),) = long_items(instrument, forms).values()
    asked = [
        "Therapist code",
        "Client's code",
        "Which session was this?",
        "Date of the session",
        "I am the",
    ]
    parts = [f"How well does each of these fit? [{word}]" for word in numbered(instrument, "Line ")]
    header = ["Timestamp", *asked, *parts]
    return {"Form Responses 1": [header, *(["2025-06-01 10:00:00", *row] for row in rows)]}


def questions_above_responses(instrument, forms):
    """Two rows: questions, and below them their parts, or Response where they have none."""
    ((name, (header, *rows)),) = questions_in_brackets(instrument, forms).items()
    parts = numbered(instrument, "Statement ")
    upper = ["Respondent ID", *header[1:6], "How well does each of these fit?", *[None] * (len(parts) - 1)]
    lower = [None, *["Open-Ended Response"] * 4, "Response", *parts]
    return {name: [upper, lower, *([n, *row[1:]] for n, row in enumerate(rows, 1))]}


def merged_headers(instrument, forms):
    """As a spreadsheet keeps cells merged across and down: the text stands in the first of them."""
    ((name, (upper, lower, *rows)),) = two_row_headers(instrument, forms).items()
    return {name: [[*lower[:5], *upper[5:]], [None] * 5 + lower[5:], *rows]}


def four_lines(instrument, forms):
    header = [*IDS, "Relationship", "Goals and topics", "Approach or method", "Overall"]
    return {"Ratings": [header, *([*ids, *answers] for ids, _, answers in forms)]}


# -- twists: of the forms before they are laid out, and of the sheets afterwards ----------------------


def shuffled(forms):
    return random.Random(3).sample(forms, len(forms))  # noqa: S311


def in_words(forms):
    return [
        (ids, rater, [WORDS[a - 1] if isinstance(a, int) else a for a in answers])
        for ids, rater, answers in forms
    ]


def each_cell(change):
    return lambda sheets: {
        name: [[change(value) for value in row] for row in rows] for name, rows in sheets.items()
    }


@each_cell
def decimal_commas(value):
    return str(value).replace(".", ",") if isinstance(value, float) else value


@each_cell
def spaces_and_n_a(value):
    return f" {value}\u00a0" if isinstance(value, str) and value.startswith(("P0", "C-0")) else value


@each_cell
def dates_in_words(value):
    return value.strftime("%d. %b %Y") if isinstance(value, datetime.date) else value


def titles(sheets):
    return {name: [["Ratings of spring"], [], *rows] for name, rows in sheets.items()}


def totals(sheets):
    return {
        name: [*rows, [], ["Average", *([None] * (len(rows[-1]) - 2)), 3]] for name, rows in sheets.items()
    }


def empty_columns(sheets):
    return {name: [[None, *row, None] for row in rows] for name, rows in sheets.items()}


def footnote(sheets):
    return {name: [*rows, [], ["Exported for supervision only"]] for name, rows in sheets.items()}


def plain(sheets):
    return sheets


SHEET_TWISTS = (
    plain,
    decimal_commas,
    titles,
    dates_in_words,
    totals,
    spaces_and_n_a,
    empty_columns,
    footnote,
)

LAYOUTS = {
    "wai-sr": (
        long_items,
        long_scores,
        paired_items,
        paired,
        two_row_headers,
        two_sheets,
        per_practitioner,
        per_practitioner_paired,
        per_case,
        matrix,
        matrix_of_items,
        survey,
        two_header_rows,
        questions_in_brackets,
        questions_above_responses,
        merged_headers,
        per_score,
        per_score_and_side,
        matrix_per_score,
    ),
    "four-lines": (four_lines, long_items, long_scores, matrix, survey),
}
TEXTS = {
    "csv": {},
    "tsv": {"delimiter": "\t", "comma": True, "encoding": "utf-16"},
    "semicolons": {"delimiter": ";", "comma": True, "encoding": "utf-8-sig", "first": "sep=;"},
}
WITH_ITEMS = (long_items, paired_items, two_sheets, per_practitioner, per_case, matrix_of_items, survey)


def files(sheets, form, hidden):
    """One workbook; or one text file for each sheet, with the sheet's name."""
    if form in WORKBOOKS:
        content = {"Cover": [["See the other sheets"]], **sheets} if hidden else sheets
        return [(f"team.{form}", WORKBOOKS[form](content, hidden=tuple(sheets) if hidden else ()))]
    ending = form if form in ("csv", "tsv") else "csv"
    return [(f"{name}.{ending}", as_text(rows, **TEXTS[form])) for name, rows in sheets.items()]


def scores_csv(sources):
    ratings, problems = read_workbooks(sources)
    assert problems.loc[problems["severity"] == "error", "message"].tolist() == []
    read = ratings.recognised
    assert (read["rows_read"] == read["rows_used"] + read["rows_left_out"]).all()
    return to_csv(analyse(ratings).scores, SCORES)


@pytest.fixture(scope="module")
def wanted():
    return {
        instrument: scores_csv(files(long_items(instrument, forms), "xlsx", hidden=False))
        for instrument, forms in FORMS.items()
    }


def combinations():
    """Every layout in every format; each time another way of writing, some of them with hidden sheets."""
    number = 0
    for instrument, layouts in LAYOUTS.items():
        for (i, layout), (j, form) in itertools.product(enumerate(layouts), enumerate([*WORKBOOKS, *TEXTS])):
            twist = SHEET_TWISTS[(i + j) % len(SHEET_TWISTS)]
            number += 1
            hidden = form in WORKBOOKS and (i + j) % 3 == 0
            spoken = instrument == "wai-sr" and layout in WITH_ITEMS and (i + j) % 2 == 0
            name = f"{instrument} {layout.__name__} {form} {twist.__name__}{' words' * spoken}{' hidden' * hidden}"
            yield pytest.param(instrument, layout, form, twist, spoken, hidden, id=name)


@pytest.mark.parametrize(("instrument", "layout", "form", "twist", "spoken", "hidden"), [*combinations()])
def test_the_same_ratings_give_the_same_bytes(wanted, instrument, layout, form, twist, spoken, hidden):
    forms = shuffled(FORMS[instrument])
    sheets = twist(layout(instrument, in_words(forms) if spoken else forms))
    assert scores_csv(files(sheets, form, hidden)) == wanted[instrument]


@pytest.mark.parametrize("layout", LAYOUTS["wai-sr"], ids=lambda layout: layout.__name__)
def test_overlapping_files_give_the_same_bytes(wanted, layout):
    forms = FORMS["wai-sr"]
    halves = (forms[:14], forms[8:])
    sources = [(f"{n}.xlsx", WORKBOOKS["xlsx"](layout("wai-sr", half))) for n, half in enumerate(halves)]
    assert scores_csv(sources) == wanted["wai-sr"]


@pytest.mark.parametrize("layout", SAMPLE_LAYOUTS)
def test_every_layout_of_the_sample_gives_the_same_bytes(tmp_path, layout):
    team = simulate(Design(2, 2, 6), seed=4)
    write_sample(team, tmp_path / "wanted.csv", "long-items")
    wanted = scores_csv([tmp_path / "wanted.csv"])
    assert wanted.count("\n") > 30
    sheets = arranged(team, layout)
    for ending in ("xlsx", "csv", "tsv") if len(sheets) == 1 else ("xlsx",):
        write_sample(team, tmp_path / f"team.{ending}", layout)
        assert scores_csv([tmp_path / f"team.{ending}"]) == wanted


@pytest.mark.parametrize("layout", [paired_items, two_sheets, per_practitioner, per_case, matrix_of_items])
def test_a_client_with_low_marks_has_the_same_form_in_whatever_sheet(layout):
    """Marks go to 7, but not those of one client: a sheet of its own reads as its sisters do."""
    forms = [
        (ids, rater, [min(a, 5) for a in answers] if ids[1] == "C-002" else answers)
        for ids, rater, answers in made(("client", "practitioner"), 12, (1, 2, 4, 5, 6, 7))
        if None not in answers
    ]
    wanted = scores_csv(files(long_items("wai-sr", forms), "xlsx", hidden=False))
    assert wanted.count(",wai-s,") == len(forms)
    sheets = layout("wai-sr", shuffled(forms))
    assert scores_csv(files(sheets, "xlsx", hidden=False)) == wanted
    assert scores_csv(files(sheets, "csv", hidden=False)) == wanted


def test_there_are_enough_combinations():
    assert len(list(combinations())) >= 40
