"""What another threshold would change: by hand, and equal to analysing anew with it."""

import pandas as pd
import pytest

from alliance_core import benchmarked, what_if
from alliance_core.analysis import analyse
from alliance_core.measures.detectors import DETECTORS
from alliance_core.sample import Design, simulate
from alliance_core.settings import Settings, SettingsError
from alliance_core.settings_file import changed
from tests.measures.made import TEN, overall, ratings

# σ is 10. From 80 80 80 the error of one rating is 10·√(1 + 1/3) = 11.547: 30 below is 2.598 of it, 24 below 2.078.
FORMS = [
    *overall("C-1", [80, 80, 80, 50, 80]),
    *overall("C-2", [80, 80, 80, 56, 80]),
    *overall("C-3", [70, 70, 70, 70], practitioner="P02"),
]


def small():
    return analyse(ratings(FORMS), TEN)


def test_by_hand():
    told = what_if.what_if(small(), "baseline", 2.0)
    assert (told.now.falls, told.now.cases, told.then.falls, told.then.cases) == (1, 1, 2, 2)
    assert (told.gone, told.fresh) == (0, 1)
    assert told.practitioners.to_dict("list") == {
        "practitioner": ["P01", "P02"], "cases": [2, 1], "now": [1, 0], "then": [2, 0],
    }  # fmt: skip
    assert (
        what_if.what_changes(told)
        == "With the rule baseline at 2 instead of 2.3: 2 falls in 2 cases, instead of 1 fall in 1 case."
    )
    assert what_if.how_sure(told)[0] == (
        "At 1 session a fall would be flagged that is not flagged now; 0 falls that are flagged now would no longer be."
    )


def test_the_setting_in_use_changes_nothing():
    told = what_if.what_if(small(), "baseline", 2.3)
    assert told.same
    assert (told.gone, told.fresh) == (0, 0)
    assert what_if.what_changes(told) == "The setting in use: the rule baseline finds 1 fall in 1 case."
    assert "now:" not in " ".join(what_if.how_sure(told))


@pytest.mark.parametrize("method", [name for name in DETECTORS if name != "threshold"])
@pytest.mark.parametrize("factor", [0.7, 1.4])
def test_it_is_what_analysing_anew_finds(method, factor):
    before = analyse(simulate(Design(3, 6, 14), seed=5).ratings)
    threshold = factor * what_if.threshold_of(Settings(), method)
    told = what_if.what_if(before, method, threshold)
    after = analyse(before.ratings, what_if.with_threshold(before.settings, method, threshold))

    def starts(analysis):
        kept = analysis.own_episodes
        kept = kept[(kept["rater"] == "client") & (kept["facet"] == "overall") & (kept["source"] == "score")]
        return set(zip(kept["practitioner"], kept["client"], kept["start_session"], strict=True))

    now, then = starts(before), starts(after)
    assert (told.now.falls, told.then.falls) == (len(now), len(then))
    assert (told.gone, told.fresh) == (len(now - then), len(then - now))
    assert told.then.cases == len({one[:2] for one in then})
    per = pd.Series([one[0] for one in then], dtype="str").value_counts()
    assert told.practitioners.set_index("practitioner")["then"].to_dict() == {
        name: int(per.get(name, 0)) for name in told.practitioners["practitioner"]
    }
    assert what_if.along(before, method, [threshold])["falls"].tolist() == [len(then)]


def test_a_threshold_that_cannot_be_is_refused():
    with pytest.raises(SettingsError, match=r"episodes\.z_open"):
        what_if.what_if(small(), "baseline", 0)


def test_the_benchmark_speaks_only_of_what_it_was_run_with():
    plain = Settings()
    assert benchmarked.said_with("baseline", plain) == benchmarked.said_of("baseline", 2.3)
    assert benchmarked.said_with("baseline", changed(plain, "episodes.z_open", 2.0)) == benchmarked.said_of(
        "baseline", 2.0
    )
    assert benchmarked.said_with("baseline", changed(plain, "episodes.window", 4)) is None
    assert benchmarked.said_with("last_three", changed(plain, "episodes.z_open", 2.0)) is None
    assert benchmarked.said_with("last_three", changed(plain, "last_three.sessions", 2)) is None
    assert benchmarked.said_with("threshold", plain) is None
    three = changed(plain, "step.from_highest_of", 3)
    assert benchmarked.said_with("step", three) == benchmarked.said_of("step, from the highest of three", 2.0)
    told = what_if.what_if(small(), "baseline", 2.0)  # TEN is not what it was run with
    assert "The benchmark was not run with such settings" in what_if.how_sure(told)[-1]


def test_without_ratings_by_clients_there_is_nothing_to_find():
    found = analyse(ratings(overall("C-1", [80, 80, 80, 20], rater="practitioner")), TEN)
    told = what_if.what_if(found, "baseline", 2.0)
    assert (told.then.falls, told.then.expected, len(told.practitioners)) == (0, None, 0)
