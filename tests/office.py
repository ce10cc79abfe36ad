"""LibreOffice without a screen: opens workbooks, works all formulas out anew, and saves them again."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

SECONDS = 120
# What it says of the machine, and not of the workbooks: Java is for databases, which no workbook of ours has.
NOT_ABOUT_WORKBOOKS = (
    "Warning: failed to launch javaldx",
    "javaldx",
    "Warning: failed to read path from javaldx",
)
# Formulas are worked out on loading, whatever the file says they come to; else their stored results would be compared with themselves.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def resaved(books: Mapping[str, bytes], kind: str = "xlsx:Calc MS Excel 2007 XML") -> dict[str, bytes]:
    """By name (such as a.xlsx), what LibreOffice makes of each workbook when it opens and saves it again; all of them in one run.

    `kind`: another one, such as pdf. Fails where it says anything on stderr, leaves a workbook out, or takes longer than SECONDS.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "in").mkdir()
        (home / "profile" / "user").mkdir(parents=True)
        (home / "profile" / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        for name, content in books.items():
            (home / "in" / name).write_bytes(content)
        _run(home, kind, [str(home / "in" / name) for name in books])
        ending = kind.split(":")[0]
        made = {name: home / "out" / f"{Path(name).stem}.{ending}" for name in books}
        missing = [name for name, path in made.items() if not path.exists()]
        assert not missing, f"LibreOffice could not open or save {', '.join(missing)}"
        return {name: path.read_bytes() for name, path in made.items()}


def _run(home: Path, kind: str, paths: list[str]) -> None:
    asked = [
        "soffice", "--headless", "--norestore", f"-env:UserInstallation={(home / 'profile').as_uri()}",
        "--convert-to", kind, "--outdir", str(home / "out"), *paths,
    ]  # fmt: skip
    try:
        done = subprocess.run(
            asked, capture_output=True, text=True, timeout=SECONDS, check=False
        )  # our own files
    except FileNotFoundError:
        pytest.fail("LibreOffice (soffice) is needed for this test: make test installs it")
    except subprocess.TimeoutExpired:
        pytest.fail(f"LibreOffice did not open and save {len(paths)} workbooks within {SECONDS} seconds")
    said = [
        line for line in done.stderr.splitlines() if line.strip() and not line.startswith(NOT_ABOUT_WORKBOOKS)
    ]
    assert not said, f"LibreOffice says: {said}"
    assert done.returncode == 0, f"LibreOffice ended with {done.returncode}"
