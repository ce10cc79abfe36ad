"""The house rules that a machine can check: imports, style, what the README promises, what may not appear."""

import argparse
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from alliance_core import __version__
from alliance_core.__main__ import _parser
from alliance_core.measures.detectors import DETECTORS
from alliance_core.tables import OUTPUTS

HOME = Path(__file__).parent.parent
README = (HOME / "README.md").read_text(encoding="utf-8")
FOLDERS = ("alliance_core", "pages", "tests", "benchmarks", "sample_data")
SOURCES = [
    HOME / "app.py",
    *(p for name in FOLDERS for p in sorted((HOME / name).rglob("*.py")) if p != Path(__file__)),
]


def tool(*words):
    """A tool of the environment that runs the tests; its output where it is not content."""
    program = Path(sys.executable).parent / words[0]
    done = subprocess.run([program, *words[1:]], cwd=HOME, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_rooms_import_only_rooms_below_and_the_core_never_streamlit():
    assert tool("lint-imports") == ""


def test_style_and_format():
    assert tool("ruff", "check", ".") == ""
    assert tool("ruff", "format", "--check", ".") == ""


def commands():
    """Name and parser of every command."""
    choices = next(a for a in _parser()._actions if isinstance(a, argparse._SubParsersAction)).choices
    return choices.items()


def options(parser):
    return {o for action in parser._actions for o in action.option_strings if o.startswith("--")}


@pytest.mark.parametrize(("name", "parser"), commands())
def test_every_command_and_option_is_in_the_readme(name, parser):
    assert f"| `{name} " in README
    for option in options(parser):
        lines = [
            line
            for line in README.splitlines()
            if re.search(rf"`{option}[ `]", line) and line.startswith("|")
        ]
        assert any(name in line or "| all |" in line for line in lines), f"{name} {option}"


def test_the_readme_has_no_option_that_does_not_exist():
    known = set().union(*(options(parser) for _, parser in commands())) | {"--require-hashes"}
    assert set(re.findall(r"--[a-z][a-z-]+", README)) <= known


@pytest.mark.parametrize("table", OUTPUTS, ids=lambda table: table.name)
def test_the_readme_lists_the_columns_of_every_file(table):
    assert f"| {table.name}.csv | {table.row} | {', '.join(table.names)} |" in README


def test_every_page_is_in_the_readme():
    shell = importlib.import_module("pages.parts.shell")
    for entry in shell.PAGES:
        assert f"**{entry.title}**" in README


def test_every_rule_and_its_number_is_in_the_readme():
    for one in DETECTORS.values():
        assert re.search(rf"^\| `{one.name}` \|.*\| `{one.threshold}` \|", README, re.MULTILINE), one.name


def test_links_of_the_readme_lead_somewhere():
    for target in re.findall(r"(?<!!)\[[^]]*\]\(([^)#]+)\)", README):
        assert (HOME / target).exists(), target


def test_files_that_the_readme_names_are_there():
    for path in re.findall(r"`((?:alliance_core|pages|\.streamlit)/[\w./-]+)`", README):
        assert (HOME / path).exists(), path


def test_the_version_is_the_project_s():
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert __version__ == project["version"]


FORBIDDEN = {
    "swallows every error": r"except Exception|except\s*:",
    "lets markup through": r"unsafe_allow_(html|javascript)",
    "old name": r"use_container_width",
    "slow and surprising": r"groupby\([^)]*\)\s*\.(apply|rolling)",
    "unfinished": r"\bTODO\b|\bFIXME\b|raise NotImplementedError",
    "a test that does not run": r"mark\.(skip|skipif|xfail)|pytest\.(skip|importorskip)|time\.sleep",
}
EVERYWHERE = {
    "swallows every error",
    "unfinished",
    "a test that does not run",
}  # others: not in tests, which name them


@pytest.mark.parametrize("why", FORBIDDEN)
def test_what_may_not_appear(why):
    found = [
        f"{path.relative_to(HOME)}:{number}: {line.strip()}"
        for path in SOURCES
        if why in EVERYWHERE or "tests" not in path.relative_to(HOME).parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(FORBIDDEN[why], line)
    ]
    assert found == []


# What people read, in sentences, figures, charts and pages, is written by alliance_core.notation.
WRITES = [
    *(HOME / "pages").rglob("*.py"),
    *(path for room in ("charts", "figures", "learning", "review") for path in (HOME / "alliance_core" / room).glob("*.py")),
    *(path for path in (HOME / "alliance_core").glob("*.py") if path.stem.endswith(("sentences", "words", "what_if", "benchmarked"))),
]  # fmt: skip
OWN_WAY = re.compile(r"\{[^{}]*:[+]?(?:,|,?\.\d[fg%]|g)\}|strftime|:%[bdY]|(?:Number|Date)Column\(format")


def test_numbers_and_days_are_written_in_one_place():
    found = [
        f"{path.relative_to(HOME)}:{number}: {line.strip()}"
        for path in WRITES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if OWN_WAY.search(line)
    ]
    assert found == []
    assert OWN_WAY.search('f"{mean:.1f} points"')


def requirements(name):
    lines = (HOME / name).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def pins(name):
    """From a package to the versions that the lock has for it (one a platform or Python version)."""
    found = {}
    for line in (HOME / name).read_text(encoding="utf-8").splitlines():
        pin = re.match(r"([a-z0-9-]+)==([^ ;]+)", line)
        if pin:
            found.setdefault(pin[1], []).append(Version(pin[2]))
    return found


@pytest.mark.parametrize(
    ("bounds", "lock"),
    [
        ("requirements.txt", "requirements.lock"),
        ("requirements.txt", "requirements-dask.lock"),
        ("requirements-dask.txt", "requirements-dask.lock"),
        ("requirements.txt", "requirements-dev.lock"),
        ("requirements-dask.txt", "requirements-dev.lock"),
        ("requirements-dev.txt", "requirements-dev.lock"),
    ],
)
def test_the_lock_has_every_requirement_within_its_bounds(bounds, lock):
    pinned = pins(lock)
    for requirement in requirements(bounds):
        versions = pinned[requirement.name.lower()]
        assert all(requirement.specifier.contains(version) for version in versions), requirement
        assert {spec.operator for spec in requirement.specifier} == {">=", "<"}, requirement


def test_all_locks_agree():
    own, larger, development = (pins(f"requirements{name}.lock") for name in ("", "-dask", "-dev"))
    assert all(larger[name] == versions for name, versions in own.items())
    assert all(development[name] == versions for name, versions in larger.items())


# Versions below these have known holes that reach an app with uploads.
@pytest.mark.parametrize(("package", "least"), [("starlette", "1.3.1"), ("python-multipart", "0.0.32")])
def test_versions_with_known_holes_are_not_installed(package, least):
    assert min(pins("requirements.lock")[package]) >= Version(least)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dask.lock", "requirements-dev.lock"])
def test_a_lock_has_a_hash_for_every_pin_and_names_no_place(lock):
    text = (HOME / lock).read_text(encoding="utf-8")
    assert re.search(r"://|@ |^-|/", text, re.MULTILINE) is None
    for block in re.split(r"\n(?=[a-z])", text):
        assert "--hash=sha256:" in block
