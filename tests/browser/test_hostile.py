"""While a file that never comes to an end is read for one visitor, another one goes on working."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PATIENCE = 60_000
LOOKS = 20_000  # for the reading process; each takes a few milliseconds
READER = str(Path(__file__).parents[2] / "alliance_core" / "reading" / "child")
SLOW = b"a,b\n" + b"1,2\n" * 1_200_000  # takes a second or two of computing
GOOD = b"Therapist,Client,Session,Rated by,Instrument,Goal,Task,Bond\n" + b"".join(
    b"P01,C-001,%d,client,wai-sr,4,3,5\n" % session for session in range(1, 5)
)


def readers(server):
    """The processes that read files for this server."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            words = (place / "cmdline").read_bytes().decode().split("\0")
        except OSError:  # it has just ended
            continue
        if parent == server.process.pid and READER in words:
            found.append(int(place.name))
    return found


def stopped_reader(server, page):
    """The process that reads this visitor's file, stopped as soon as it is there, long before it comes to an end."""
    for _ in range(LOOKS):
        found = readers(server)
        if found:
            os.kill(found[0], signal.SIGSTOP)
            break
        page.evaluate("1")
    (reader,) = readers(server)
    expect(page.get_by_text("Reading file 1 of 1")).to_be_visible(timeout=PATIENCE)
    return reader


def test_another_visitor_goes_on_while_a_file_is_read_that_never_ends(cold_server, visitors):
    troubled, other = visitors(), visitors()
    for one in (other, troubled):
        one.goto(cold_server.address)
        expect(one.get_by_text("Nothing has been brought in yet")).to_be_visible(timeout=PATIENCE)
    hostile = {"name": "slow.csv", "mimeType": "text/csv", "buffer": SLOW}
    troubled.locator("input[type=file]").set_input_files(files=hostile)
    reader = stopped_reader(cold_server, troubled)

    good = {"name": "good.csv", "mimeType": "text/csv", "buffer": GOOD}
    other.locator("input[type=file]").set_input_files(files=good)
    expect(other.get_by_text("4 rows read = 4 used + 0 left out", exact=True)).to_be_visible(timeout=PATIENCE)
    assert readers(cold_server) == [reader]  # the hostile one is still at it
    other.get_by_text("Go to the agenda").click()
    expect(other.get_by_role("heading", name="Nothing to talk about in the whole team")).to_be_visible(
        timeout=PATIENCE
    )

    os.kill(reader, signal.SIGKILL)
    refused = troubled.get_by_text("slow.csv is damaged in a way that stops reading.")
    expect(refused.first).to_be_visible(timeout=PATIENCE)
    troubled.locator("input[type=file]").set_input_files(files=good)
    expect(troubled.get_by_text("4 rows read = 4 used + 0 left out", exact=True)).to_be_visible(
        timeout=PATIENCE
    )
