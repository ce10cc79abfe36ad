"""The obvious way, which `make bench` measures against, says what `analyse` says: otherwise its time would mean nothing."""

import dataclasses

import numpy as np
import pytest

from alliance_core import analyse
from alliance_core.sample import Design, simulate
from alliance_core.settings import Settings
from alliance_core.tables import Ratings
from benchmarks.obvious import compared, differences, share_of, the_obvious_way


def with_gaps(seed, share):
    """Simulated forms with so large a share of answers left out, and some forms of one side missing."""
    forms = simulate(Design(practitioners=3, cases=5, sessions=14), seed=seed).ratings.forms
    random = np.random.default_rng(seed)
    answers = forms.filter(like="item_")
    forms = forms.assign(**answers.mask(random.random(answers.shape) < share))
    return forms[random.random(len(forms)) >= share]


@pytest.mark.parametrize(("seed", "share"), [(1, 0.0), (2, 0.04), (3, 0.12)])
def test_the_obvious_way_finds_what_analyse_finds(seed, share):
    forms = with_gaps(seed, share)
    found = analyse(Ratings(forms))
    assert len(found.episodes) > 20
    assert differences(the_obvious_way(forms, Settings()), found) == []


def test_what_differs_is_said():
    forms = with_gaps(1, 0.04)
    obvious, found = the_obvious_way(forms, Settings()), analyse(Ratings(forms))
    episodes = found.episodes.assign(baseline=found.episodes["baseline"] + 1e-6)
    assert differences(obvious, dataclasses.replace(found, episodes=episodes))[0].startswith("episode")
    fewer = dataclasses.replace(found, episodes=found.episodes[1:])
    assert differences(obvious, fewer)[0].startswith("which episodes")
    scores = found.scores.assign(goal_pct=found.scores["goal_pct"] + 1e-6)
    assert differences(obvious, dataclasses.replace(found, scores=scores))[0].startswith("scores")
    cases = found.cases.assign(mean_gap=0.5)
    assert differences(obvious, dataclasses.replace(found, cases=cases))[0].startswith("gap")
    noise = found.noise.assign(sigma=found.noise["sigma"] + 1e-6)
    assert differences(obvious, dataclasses.replace(found, noise=noise))[0].startswith("σ")


def test_a_share_is_whole_cases():
    forms = with_gaps(4, 0.0)
    kept = share_of(forms, 4)
    sizes = forms.groupby(["practitioner", "client"]).size()
    assert kept.groupby(["practitioner", "client"]).size().tolist() == sizes.iloc[[0, 4, 9, 14]].tolist()


def test_what_is_timed_is_compared_as_well():
    assert compared(Ratings(with_gaps(5, 0.04)), cases=4) > 0
