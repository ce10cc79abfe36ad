"""The app under Streamlit's own test runner, and small workbooks whose result is plain by hand."""

from pathlib import Path

import pyarrow
import pytest
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

HOME = Path(__file__).parents[2]
HEADER = "Therapist,Client,Session,Date,Rated by,Instrument,Goal,Task,Bond"


@pytest.fixture(autouse=True)
def _messages_are_shown():
    """The app hides the text of errors; tests want to see it."""
    before = config.get_option("client.showErrorDetails")
    config.set_option("client.showErrorDetails", "full")
    yield
    config.set_option("client.showErrorDetails", before)


@pytest.fixture
def warm_server(monkeypatch):
    """A server that somebody has visited: st.navigation has turned the pages folder off for everybody.

    Streamlit's test runner forgets that before every run, and would meet each page bare each time.
    """
    made = PagesManager.__init__

    def visited(self, *arguments, **options):
        made(self, *arguments, **options)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", visited)


class App:
    """The app as a visitor meets it; every step fails where the page raised."""

    def __init__(self):
        self.at = AppTest.from_file(HOME / "app.py", default_timeout=60)
        self.run()

    def run(self):
        self.at.run()
        assert [error.message for error in self.at.exception] == []
        return self

    def open(self, page, **query):
        self.at.switch_page(f"pages/{page}.py")
        self.at.query_params.clear()
        for name, value in query.items():
            self.at.query_params[name] = value
        return self.run()

    def bring(self, *files):
        self.open("bring_in")
        self.at.file_uploader[0].set_value([(name, content, "text/csv") for name, content in files])
        return self.run()

    def click(self, label):
        next(button for button in self.at.button if button.label == label).click()
        return self.run()

    @property
    def words(self):
        """Everything that is written on the page, escapes and joiners taken away."""
        kinds = ("title", "subheader", "caption", "markdown", "text", "info", "warning", "error", "page_link")
        found = [str(element.value) for kind in kinds for element in self.at.get(kind)]
        found += [block.proto.expandable.label for block in self.at.get("expandable")] + [
            e.label for e in self.at.expander
        ]
        return "\n".join(found).replace("\\", "").replace("\u2060", "")

    @staticmethod
    def drawn(chart):
        """The frames that go to the browser with a chart."""
        sent = [one.data.data for one in chart.proto.datasets] + [chart.proto.data.data]
        return [pyarrow.ipc.open_stream(content).read_pandas() for content in sent if content]

    @property
    def charts(self):
        return self.at.get("vega_lite_chart") + self.at.get("arrow_vega_lite_chart")


@pytest.fixture
def app(warm_server):
    return App()


def rows_of(practitioner, client, rater, marks, start=1):
    """CSV lines of one rater's forms, one mark for all three parts; None is a session without a form."""
    return [
        f"{practitioner},{client},{number},2025-0{1 + number // 28}-{1 + number % 28:02},{rater},wai-sr,{mark},{mark},{mark}"
        for number, mark in enumerate(marks, start=start)
        if mark is not None
    ]


def csv(*parts):
    return "\n".join([HEADER, *(line for part in parts for line in part)]).encode()


@pytest.fixture
def workbook():
    """Two practitioners. C-1 fell from 4 to 2 (75 to 25 pct) at session 5, was back at 6, and P1's rating stayed."""
    return csv(
        rows_of("P1", "C-1", "Client", [4, 4, 4, 4, 2, 4, 4]),
        rows_of("P1", "C-1", "Therapist", [3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5]),
        rows_of("P1", "C-2", "Client", [4, 4, 4, 4, 2]),
        rows_of("P1", "C-2", "Therapist", [3.5, 3.5, 3.5, 3.5, 3.5]),
        rows_of("P2", "C-3", "Client", [3, 3.25, 3, 3.25]),
        rows_of("P2", "C-3", "Therapist", [3, 3.25, 3, 3.25]),
    )


@pytest.fixture
def loaded(app, workbook):
    """The app with that workbook brought in."""
    return app.bring(("team.csv", workbook))


@pytest.fixture
def made():
    """How tests make their own workbook: csv(rows_of(practitioner, client, rater, marks), …)."""
    return csv, rows_of
