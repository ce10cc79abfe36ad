"""The HTML of every paper in a browser: nothing is asked for, nothing is wider than a phone, axe-core finds nothing, it prints."""

from datetime import date

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from alliance_core import analyse
from alliance_core.manager import service_figures
from alliance_core.reports.brief import brief_html
from alliance_core.reports.case_sheet import case_sheet_html
from alliance_core.reports.manager_paper import manager_html
from alliance_core.reports.meeting_pack import meeting_pack_html
from alliance_core.reports.meeting_paper import meeting_record_html
from alliance_core.review import Sitting, Timer, coming_up, masks, record
from alliance_core.review.by_case import ByCase
from alliance_core.review.history import history_of
from alliance_core.review.talk import why
from alliance_core.sample import Design, simulate
from alliance_core.tables import REVIEW, empty

pytestmark = pytest.mark.browser
DAY = date(2026, 3, 31)
PAPERS = ("brief", "briefs", "case", "pack", "record", "manager")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """One file of each paper."""
    found = ByCase(analyse(simulate(Design(2, 6, 12), 3).ratings))
    history = history_of(empty(REVIEW), found.analysis)
    lines = coming_up(found.lines, history.rows, found.analysis.cases)
    names = masks(found.analysis.cases, bytes(32), True)
    sitting = Sitting(pd.Timestamp(DAY), "the whole team", lines, names, history.rows, Timer(since=0.0))
    told = [why(found, str(p), str(c), str(r)) for p, c, r in lines.itertuples(index=False)]
    who, client = lines[["practitioner", "client"]].iloc[0]
    made = {
        "brief": brief_html(found, history, DAY, [who]),
        "briefs": brief_html(found, history, DAY),
        "case": case_sheet_html(found, history, who, client, DAY),
        "pack": meeting_pack_html(found, sitting, DAY),
        "record": meeting_record_html(record(sitting, told, empty(REVIEW), 60.0), found.analysis),
    }
    whole = analyse(simulate(Design(4, 9, 12), 3).ratings)
    made["manager"] = manager_html(service_figures(whole, DAY), whole, DAY)
    folder = tmp_path_factory.mktemp("papers")
    for name, content in made.items():
        (folder / f"{name}.html").write_bytes(content)
    return folder


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1366), ("dark", 390)])
def test_a_file_needs_nothing_and_is_for_everybody(chromium, files, name, scheme, width):
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto((files / f"{name}.html").as_uri())
    assert len(asked) == 1
    assert said == []  # the policy stops nothing of ours
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"
    context.close()
    free = chromium.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True
    )  # axe is a script, which the file itself does not let in
    page = free.new_page()
    page.goto((files / f"{name}.html").as_uri())
    assert Axe().run(page).response["violations"] == []
    free.close()


def test_each_practitioner_begins_a_sheet_in_print(chromium, files):
    page = chromium.new_page()
    page.goto((files / "briefs.html").as_uri())
    page.emulate_media(media="print")
    assert (
        page.evaluate("getComputedStyle(document.querySelectorAll('section.sheet')[1]).breakBefore") == "page"
    )
    assert page.pdf(format="A4").count(b"/Type /Page\n") >= 2
    page.close()
