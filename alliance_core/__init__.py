"""Working-alliance ratings for clinical supervision: workbooks in, scores, gaps and episodes out.

>>> from alliance_core import ReadingChoices, analyse, read_workbooks
>>> rows = [f"P01,C-001,{n},Client,{m},{m},{m}" for n, m in enumerate([4, 4, 4, 4, 2, 4, 4], start=1)]
>>> export = "\\n".join(["Therapist,Client,Session,Rated by,Goal,Task,Bond", *rows]).encode()
>>> ratings, problems = read_workbooks([("team.csv", export)], ReadingChoices(instrument="facets", range=(1, 5)))
>>> analysis = analyse(ratings)
>>> overall = analysis.episodes[analysis.episodes["facet"] == "overall"].reset_index(drop=True)
>>> overall[["start_session", "repair_session", "outcome"]]
   start_session  repair_session   outcome
0              5               6  repaired

Paths and open binary files do as well as pairs of name and bytes. What every column means: alliance_core.tables.
"""

from alliance_core.analysis import Analysis, analyse
from alliance_core.reading import ChoicesError, ReadingChoices, load_choices, read_workbooks
from alliance_core.settings import Settings, SettingsError
from alliance_core.settings_file import load_settings
from alliance_core.tables import Ratings

__version__ = "0.1.0"

__all__ = [
    "Analysis",
    "ChoicesError",
    "Ratings",
    "ReadingChoices",
    "Settings",
    "SettingsError",
    "analyse",
    "load_choices",
    "load_settings",
    "read_workbooks",
]
