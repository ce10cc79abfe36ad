"""Bringing ratings in: read once, analysed once, kept in the visitor's session with what it takes to read again."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
import streamlit as st

from alliance_core import analyse, read_workbooks
from alliance_core.reading import ReadingChoices
from alliance_core.reading.answering import worded
from alliance_core.reading.child.limits import Limits
from alliance_core.reading.corrections import named_files
from alliance_core.reading.in_terms import in_terms
from alliance_core.reading.previewing import carried_on, open_sheets
from alliance_core.reading.room import upload_limits
from alliance_core.reading.sheets import Sheet
from alliance_core.reports.supervision_workbook import supervision_workbooks
from alliance_core.sentences import listed
from alliance_core.tables import Ratings
from alliance_core.template import known_cases, write_template
from alliance_core.terms import TERMS, Terms
from pages.parts.decided import files_read
from pages.parts.downloads import token as token
from pages.parts.frame import count
from pages.parts.in_use import pair, settings_in_use
from pages.parts.kept import kept
from pages.parts.let_go import let_go_of_files
from pages.parts.loaded import Earlier, Loaded, forget, keep, last_usable, nothing_usable
from pages.parts.memory import hand_back
from pages.parts.plain import plain
from pages.parts.tour import begin_once, end, seen

SAMPLE = Path(__file__).parents[2] / "sample_data" / "team_long_items.xlsx"
SAMPLE_NAME = "the sample team (synthetic)"
MOST_OPENED = 64 << 20  # bytes of opened sheets that one visitor may keep in memory
_A_VALUE = 100  # bytes, about, of each different value in a column
_BROUGHT, _SEEN, _ROUND = "brought", "uploads seen", "upload round"
_PROFILE, _OPENED = "profile", "opened sheets"
_EARLIER = "earlier ratings"


@dataclass(frozen=True)
class Brought:
    """The files that were brought in, how they were to be read, what they could hold, and what reading gave.

    `token` goes into the names of downloads: large ones are told apart by their name only.
    """

    name: str
    files: list[tuple[str, bytes]]
    choices: ReadingChoices
    ratings: Ratings
    problems: pd.DataFrame
    limits: Limits
    token: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def content(self) -> str:
        """What is made from it is kept under this."""
        return self.token


def brought() -> Brought | None:
    """What the visitor brought in last, said in the terms in use; None while there is nothing."""
    found: Brought | None = st.session_state.get(_BROUGHT)
    if found is None or pair() == TERMS:
        return found
    return kept("brought in terms", found, pair(), lambda: _told(found, pair()))


def _told(found: Brought, terms: Terms) -> Brought:
    ratings, problems = in_terms(found.ratings, found.problems, terms)
    return replace(found, ratings=ratings, problems=problems)


def bring(name: str, files: list[tuple[str, bytes]], choices: ReadingChoices, another: bool = False) -> None:
    """Reads and analyses the files, showing how far it is. A file that cannot be used becomes a problem, not an error.

    `another`: these are other files than before, and not the same ones read again; so they are compared with those before.
    """
    before = brought()
    bar = st.progress(0.0, "Reading")

    def show(share: float, words: str) -> None:
        bar.progress(0.8 * share, plain(words))

    keep_profile(carried_on(profile(), choices))
    limits = upload_limits()
    ratings, problems = worded(*read_workbooks(files, choices, progress=show, limits=limits), "page")
    others = before is not None and _is_sample(name) != _is_sample(before.name)
    files_read(ratings, others)
    if another or others:
        st.session_state[_EARLIER] = _earlier(files, choices, ratings, others)
    st.session_state[_BROUGHT] = Brought(name, files, choices, ratings, problems, limits)
    if ratings.forms.empty:
        nothing_usable(asked=bool(ratings.questions))
    else:
        bar.progress(0.85, plain(f"Working out {count(len(ratings.forms), 'form')}"))
        analysis = analyse(ratings, settings_in_use())
        found = Loaded.beside(name, analysis, _analysed_alike(), _source(ratings, choices))
        bar.progress(0.95, plain("Working out what chance alone gives"))
        _ = found.chance  # each of the pages that come next says it, and nobody wants to wait there
        keep(found)
    hand_back()
    bar.empty()


def _source(ratings: Ratings, choices: ReadingChoices) -> str:
    """SHA-256 of the files and of how they were read: the same gives the same ratings."""
    return hashlib.sha256(repr((ratings.inputs, choices.model_dump_json())).encode()).hexdigest()


def _earlier(
    files: list[tuple[str, bytes]], choices: ReadingChoices, ratings: Ratings, others: bool
) -> Earlier | None:
    """What other files are compared with: the ratings of a supervision workbook that was brought in along with them, else what was there before."""
    named = named_files(files)
    kept = supervision_workbooks(ratings.recognised)
    if kept and len(kept) < len(named):
        then, _ = read_workbooks([(name, named[name]) for name in kept], choices)
        if len(then.forms):
            return Earlier(f"{listed(kept)}, brought in along with them", analyse(then, settings_in_use()))
    last = None if others else last_usable()
    return None if last is None else Earlier(f"{last.name}, brought in before", last.analysis)


def forget_earlier() -> None:
    """Lets go of the ratings to compare with: those who are in them go by other names from now on."""
    st.session_state.pop(_EARLIER, None)


def _analysed_alike() -> Earlier | None:
    """The ratings to compare with, analysed with the settings in use."""
    earlier: Earlier | None = st.session_state.get(_EARLIER)
    if earlier is not None and earlier.analysis.settings != settings_in_use():
        earlier = Earlier(earlier.name, analyse(earlier.analysis.ratings, settings_in_use()))
        st.session_state[_EARLIER] = earlier
    return earlier


def _is_sample(name: str) -> bool:
    """Whether these are made-up people: what is decided about them belongs to nobody else."""
    return name == SAMPLE_NAME


def of_the_sample() -> bool:
    """Whether the sample team is loaded."""
    found = brought()
    return found is not None and _is_sample(found.name)


def upload() -> None:
    """The place to drop files; new ones are read at once."""
    dropped = st.file_uploader(
        "Drop spreadsheets of session ratings here, one or several (.xlsx, .xlsm, .xlsb, .xls, .ods, .csv, .tsv or .parquet)",
        accept_multiple_files=True,
        key=f"files {st.session_state.get(_ROUND, 0)}",
    )
    ids, seen = [file.file_id for file in dropped], st.session_state.get(_SEEN, [])
    if ids and ids != seen:
        st.session_state[_SEEN] = ids
        let_go_of_files(set(seen) - set(ids))
        fewer = set(ids) <= set(seen)  # a file was taken away, which is no newer upload
        name = dropped[0].name if len(dropped) == 1 else count(len(dropped), "file")
        bring(name, [(file.name, file.getvalue()) for file in dropped], profile(), another=not fewer)


def profile() -> ReadingChoices:
    """What was settled in this sitting and holds for further files too."""
    return st.session_state.get(_PROFILE, ReadingChoices())


def keep_profile(choices: ReadingChoices) -> None:
    """Makes this what further files are read with."""
    st.session_state[_PROFILE] = choices


def opened(found: Brought) -> list[Sheet]:
    """The sheets of the files, opened once and kept while these files are there, where they are not too large."""
    inputs = tuple(one.sha256 for one in found.ratings.inputs)
    kept, sheets = st.session_state.get(_OPENED, ((), []))
    if kept != inputs:
        st.session_state.pop(_OPENED, None)
        sheets = open_sheets(found.files, found.limits)
        columns = [column for one in sheets for column in one.columns]
        if sum(one.codes.nbytes + _A_VALUE * len(one.values) for one in columns) <= MOST_OPENED:
            st.session_state[_OPENED] = (inputs, sheets)
    return sheets


def let_go_of_uploads() -> None:
    """Empties the place to drop files; what was read from them stays."""
    let_go_of_files(st.session_state.get(_SEEN, []))
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def bring_sample() -> None:
    """Reads the synthetic sample team, by the same path as any upload."""
    bring(SAMPLE_NAME, [(SAMPLE.name, SAMPLE.read_bytes())], ReadingChoices(), another=True)
    begin_once()


def clear() -> None:
    """Lets go of files, ratings, results and choices, and empties the place to drop files."""
    following, toured = st.session_state.get(_ROUND, 0) + 1, seen()
    let_go_of_files(st.session_state.get(_SEEN, []))
    forget()
    st.session_state[_ROUND] = following
    if toured:
        end()


def template(instrument: str) -> bytes:
    """The empty workbook for an instrument; in a team's own words it is made anew each time, never shared."""
    return _shared_template(instrument) if pair() == TERMS else _made(instrument)


@st.cache_data
def _shared_template(instrument: str) -> bytes:
    """It holds nothing of any visitor."""
    return _made(instrument)


def own_template(instrument: str, found: Brought) -> bytes:
    """The workbook with the visitor's own practitioners and clients; made anew each time, never shared."""
    return _made(instrument, known_cases(found.ratings))


def _made(instrument: str, cases: pd.DataFrame | None = None) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, instrument, cases=cases, terms=pair())
        return path.read_bytes()
