"""The rules beside `baseline`: by hand, against published numbers, against the slow obvious version, and what must not matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_core.measures import episodes
from alliance_core.measures.detectors import DETECTORS, STATES, Courses, control_chart, reliable_change
from alliance_core.settings import Settings
from tests.measures import oracle_detectors as slow
from tests.measures.made import records, series_rows
from tests.measures.test_against_oracle import repeatable

# `baseline` and `last_three` remember which sessions were usual; each is held against an oracle of its own.
OTHERS = [name for name in DETECTORS if name not in ("baseline", "last_three")]
LINE = 60.0  # what the rule `threshold` gets as its single number here


def courses(many, sigma=10.0, within=10.0, spread=20.0):
    rows = series_rows(many)
    held = [np.full(len(rows), float(number)) for number in (sigma, within, spread)]
    return Courses(rows["series"].to_numpy(), rows["value"].to_numpy(float), *held)


def find(name, many, settings=None, threshold=None, **numbers):
    threshold = LINE if name == "threshold" and threshold is None else threshold
    return DETECTORS[name].find(courses(many, **numbers), settings or Settings(), threshold)


def starts(name, values, group=None, **numbers):
    """Sessions, from 1, at which a rule opens an episode in one series."""
    settings = Settings.model_validate({name: group} if group else {})
    threshold = numbers.pop("threshold", None)
    found = find(name, [np.array(values, float)], settings, threshold, **numbers)
    return (np.flatnonzero(found.state == STATES.index("rupture")) + 1).tolist()


# -- published numbers --------------------------------------------------------------------------------


def test_an_individuals_chart_has_the_limits_of_the_handbook():
    """NIST/SEMATECH e-Handbook 6.3.2.2: mean 50.81, limits 45.8159 and 55.8041."""
    nist = np.array([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    assert control_chart.retrospective(nist) == pytest.approx((50.81, 45.8159, 55.8041), abs=5e-5)


def test_frozen_on_those_ten_the_limits_are_the_same():
    nist = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    group = {"first_sessions": 10}
    assert starts("control_chart", [*nist, 45.816], group) == []
    assert starts("control_chart", [*nist, 45.815], group) == [11]
    assert starts("control_chart", [*nist, 55.9], group) == []


def test_a_chart_of_one_value_has_no_limits_and_one_of_two_has():
    """50 and 52: mean 51, moving range 2, 3·2/1.128 = 5.319149."""
    assert control_chart.retrospective(np.array([50.0])) is None
    assert control_chart.retrospective(np.array([50.0, 52])) == pytest.approx((51, 45.680851, 56.319149))


def test_reliable_change_has_the_errors_of_the_paper():
    """Jacobson & Truax 1991: SD 10.5, r .961."""
    assert reliable_change.standard_error(10.5, 0.961) == pytest.approx(2.073584, abs=5e-7)
    assert reliable_change.error_of_change(10.5, 0.961) == pytest.approx(2.93249, abs=5e-6)
    assert 1.96 * reliable_change.error_of_change(10.5, 0.961) == pytest.approx(5.747681, abs=5e-7)


@pytest.mark.parametrize(("fall", "opens"), [(5.7477, [2]), (5.7476, [])])
def test_reliable_change_opens_from_5_7477_points_on(fall, opens):
    assert starts("reliable_change", [50, 50 - fall], {"reliability": 0.961}, spread=10.5) == opens


# -- by hand ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "group", "numbers", "opens"),
    [
        ([80, 60], {}, {}, [2]),  # 2·s_p = 20, exactly
        ([80, 60.1], {}, {}, []),
        ([80, 70], {"k": 1}, {}, [2]),
        ([80, 70], {"k": 1}, {"sigma": 10.1}, []),  # less than σ is nothing, however small the SD
        ([80, 80, 80, 80, 71], {"k": 1}, {"within": 1, "sigma": 9}, [5]),
        # s_i of 70 90 70 90 is 11.547: from four sessions on it is the larger one
        ([70, 90, 70, 90, 69], {}, {}, [3]),
        ([70, 89, 70, 89, 67.5], {}, {}, []),
        ([70, 89, 70, 89, 67], {}, {}, [5]),  # 21.94 = 2·10.97
        ([70, 89, 70, 67], {}, {}, []),  # with three, s_i does not count yet; 19 and 3 are below 20
        # session by session no fall of 20; from the highest of the last three there is
        ([90, 80, 72, 69], {}, {}, []),
        ([90, 80, 72, 69], {"from_highest_of": 3}, {}, [4]),
        ([90, 80, 72, 71, 71], {"from_highest_of": 3}, {}, []),
        ([90, 69], {"from_highest_of": 3}, {}, [2]),
        ([70, 90, 80, 69], {"from_highest_of": 3}, {}, [4]),  # the highest is the second of the three
        ([70, 90, 80, 75, 69], {"from_highest_of": 3}, {"within": 9}, [5]),
        ([69, 90], {}, {}, []),
    ],
)
def test_step_by_hand(values, group, numbers, opens):
    assert starts("step", values, group, **numbers) == opens


def test_two_first_sessions_make_limits_of_their_one_moving_range():
    """80 and 82: 81 − 3·2/1.128 = 75.681."""
    assert starts("control_chart", [80, 82, 75.69], {"first_sessions": 2}) == []
    assert starts("control_chart", [80, 82, 75.68], {"first_sessions": 2}) == [3]


@pytest.mark.parametrize(
    ("name", "group", "members"),
    [
        ("step", {}, [0, 1, 1, 1, 1]),
        ("step", {"from_highest_of": 3}, [0, 1, 2, 3, 3]),
        ("reliable_change", {}, [0, 1, 1, 1, 1]),
        ("control_chart", {"first_sessions": 3}, [0, 1, 2, 3, 3]),
        ("sudden_loss", {}, [0, 1, 2, 3, 3]),
        ("baseline", {}, [0, 1, 2, 3, 4]),
        ("last_three", {}, [0, 1, 2, 3, 4]),
        ("threshold", {}, [0, 0, 0, 0, 0]),
    ],
)
def test_so_many_sessions_are_in_the_level(name, group, members):
    settings = Settings.model_validate({name: group} if group else {})
    assert find(name, [np.full(5, 80.0)], settings).members.tolist() == members


@pytest.mark.parametrize(
    ("values", "opens"),
    [
        # mean 80, moving ranges 2 2 2 2 2: limit 80 − 3·2/1.128 = 74.681
        ([79, 81, 79, 81, 79, 81, 74.69], []),
        ([79, 81, 79, 81, 79, 81, 74.68], [7]),
        ([79, 81, 79, 81, 79, 60, 40], [7]),  # nothing can be said of the first six
        ([79, 81, 79, 81, 79, 81, 70, 70, 70, 70, 70, 70], [7]),  # who stays below signals once
        ([79, 81, 79, 81, 79, 81, 70, 70, 70, 70, 70, 75, 70], [7, 13]),
        ([100] * 6 + [100, 99.9], [8]),  # flat first ratings: the smallest fall
        ([100] * 6 + [100] * 3, []),
        ([79, 81, 79, 81, 79, 10], []),
    ],
)
def test_control_chart_by_hand(values, opens):
    assert starts("control_chart", values) == opens


# reliability .75 and SD 20: a reliable step is 1.96·√2·10 = 27.72
@pytest.mark.parametrize(
    ("values", "opens"),
    [
        ([80, 80, 80, 50, 50, 50], [4]),
        ([80, 80, 80, 52.3, 50, 50], []),  # a step of 27.7
        ([80, 80, 80, 50, 80, 80], []),  # back at once
        ([70, 90, 80, 50, 60, 40], [4]),  # 30 apart; 2.776·10 = 27.76
        ([68, 92, 80, 50, 60, 40], []),  # 2.776·√((288 + 200)/4) = 30.67
        ([80, 50, 50, 50], []),  # one rating before
        ([80, 80, 80, 50], []),  # one rating from then on
        ([80, 80, 50, 50], [3]),  # two and two without any spread
        ([85, 75, 45, 35], [3]),  # two and two, 40 apart; 4.303·7.071 = 30.42
        ([90, 75, 45, 30], []),  # 45 apart; 4.303·10.607 = 45.64
    ],
)
def test_sudden_loss_by_hand(values, opens):
    group = {"reliable_change": {"reliability": 0.75}}
    found = find("sudden_loss", [np.array(values, float)], Settings.model_validate(group))
    assert (np.flatnonzero(found.state == STATES.index("rupture")) + 1).tolist() == opens


def test_what_cannot_be_decided_is_missing_and_not_no():
    """A reliable step with one rating before it, or one from then on; a small one is decided all the same."""
    group = Settings.model_validate({"reliable_change": {"reliability": 0.75}})
    for values, at in (([80, 50, 50, 50], 1), ([80, 80, 80, 50], 3)):
        found = find("sudden_loss", [np.array(values, float)], group)
        assert STATES[found.state[at]] == "too few"
        assert np.isnan(found.z[at])
    found = find("sudden_loss", [np.array([80.0, 70, 80, 70])], group)
    assert [STATES[state] for state in found.state] == ["too few", "rated", "rated", "rated"]


@pytest.mark.parametrize(("values", "known"), [([80, 80, 50, 50], 4), ([80, 80, 50, 50, 50, 50], 5)])
def test_a_sudden_loss_is_known_with_the_third_rating_from_the_fall_on(values, known):
    found = find("sudden_loss", [np.array(values, float)])
    assert (found.known[2] + 1, (found.known >= 0).sum()) == (known, 1)


def test_the_share_of_a_sudden_loss_is_off_unless_it_is_asked_for():
    """30 of 80 is .375."""
    values = [80, 80, 80, 50, 50, 50]
    assert starts("sudden_loss", values, {"share": 0.375}) == [4]
    assert starts("sudden_loss", values, {"share": 0.376}) == []


@pytest.mark.parametrize(
    ("values", "opens"),
    [
        ([60.1, 60], [2]),  # at the line
        ([60.1, 60.1], []),
        ([50, 50, 50, 50, 50, 50], [1]),  # who stays below is named once
        ([50, 50, 50, 50, 50, 61, 50], [1, 7]),
        ([50, 62, 50], [1, 3]),
    ],
)
def test_a_threshold_by_hand(values, opens):
    assert starts("threshold", values) == opens


def test_without_a_line_nothing_is_said():
    found = DETECTORS["threshold"].find(courses([np.array([80.0, 10, 10])]), Settings())
    assert [STATES[state] for state in found.state] == ["too few"] * 3


@pytest.mark.parametrize("name", OTHERS)
def test_what_follows_is_the_same_for_every_rule(name):
    """From a level of 80 (threshold: 60) to 20; three quarters of the way back are 65 (50); half a σ above is 85 (65)."""
    group = Settings.model_validate({"reliable_change": {"reliability": 0.75}})
    level, way_back = (60.0, 50.0) if name == "threshold" else (80.0, 65.0)
    begin, flat = [80.0] * 6, [20.0] * 3
    for after, outcome in (
        ([way_back], "repaired"),
        ([way_back - 0.1], "open"),
        ([way_back - 0.1, way_back - 0.1, way_back - 0.1], "unrepaired"),
        ([level + 5, level + 5], "repaired"),
    ):
        found = find(name, [np.array([*begin, *flat[:1], *after])], group)
        if name != "sudden_loss":
            assert (found.level[6], found.outcome[6]) == (
                level,
                ["open", "repaired", "unrepaired"].index(outcome),
            )
    found = find(name, [np.array([*begin, *flat, 80])], group)
    assert (found.outcome[6], found.end[6], found.low[6]) == (1, 9, 6)


# -- against the slow obvious version -----------------------------------------------------------------


def tables(many, found, settings, sigma):
    rows = series_rows(many)
    spread = np.full(len(rows), float(sigma))
    listed = episodes.episodes(rows, spread, found, "x", np.zeros(len(many), bool), settings.episodes)
    return records(listed), records(episodes.trace(rows, spread, found))


CHOSEN = [
    {},
    {"step": {"k": 1}, "control_chart": {"limit": 2, "first_sessions": 3}, "sudden_loss": {"z": 1}},
    {
        "step": {"from_highest_of": 3, "own_sd_from": 2},
        "reliable_change": {"reliability": 0.96},
        "sudden_loss": {"sessions": 4, "share": 0.25},
        "episodes": {"window": 1, "return_share": 0.5, "strengthened_sessions": 1, "strengthened_sigma": 0},
    },
    {
        "step": {"from_highest_of": 5, "k": 1.5},
        "episodes": {"return_share": 1, "min_drop_sigma": 2},
        "sudden_loss": {"sessions": 2},
    },
]


def rules(settings, line):
    """The oracle's rules with the numbers of the settings."""
    s = settings
    r = s.reliable_change.reliability
    return {
        "step": lambda x, t, n: slow.step(
            x, t, n, s.step.k, s.step.from_highest_of, s.step.own_sd_from, s.episodes.min_drop_sigma
        ),
        "reliable_change": lambda x, t, n: slow.reliable_change(x, t, n, s.reliable_change.z, r),
        "control_chart": lambda x, t, n: slow.control_chart(
            x, t, n, s.control_chart.limit, s.control_chart.first_sessions
        ),
        "sudden_loss": lambda x, t, n: slow.sudden_loss(
            x, t, n, s.sudden_loss.z, r, s.sudden_loss.sessions, s.sudden_loss.share
        ),
        "threshold": lambda x, t, n: slow.at_or_under(x, t, n, line),
    }


@st.composite
def on_the_lines(draw):
    """Series on a grid, up to the ceiling, and numbers for which some steps of the grid lie exactly on a limit."""
    settings = Settings.model_validate(draw(st.sampled_from(CHOSEN)))
    grid = draw(st.sampled_from([1.0, 2.5, 100 / 48, 100 / 12]))
    steps = draw(st.integers(1, 8))
    limit = steps * grid
    within = draw(st.sampled_from([limit / settings.step.k, limit / 3, 0.5]))
    r = settings.reliable_change.reliability
    z = draw(st.sampled_from([settings.reliable_change.z, settings.sudden_loss.z]))
    spread = draw(st.sampled_from([limit / (z * np.sqrt(2) * np.sqrt(1 - r)), 15.0]))
    sigma = draw(st.sampled_from([limit, limit / 2, 1.0]))
    line = draw(st.sampled_from([100 - 2 * limit, 50.0]))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    moves = np.array([0, 0, 0, 0, 0, 1, -1, -2, -steps, -steps, -2 * steps, -3 * steps])
    many = [
        np.clip(100 - grid * draw(st.integers(0, 9)) + grid * random.choice(moves, n), 0, 100)
        for n in random.integers(1, 40, 8)
    ]
    return settings, many, sigma, within, spread, line


@pytest.mark.parametrize("name", OTHERS)
@repeatable(120)
@given(on_the_lines())
def test_a_rule_equals_the_oracle_on_the_lines_themselves(name, made):
    settings, many, sigma, within, spread, line = made
    found = find(
        name, many, settings, line if name == "threshold" else None, sigma=sigma, within=within, spread=spread
    )
    listed, traced = tables(many, found, settings, sigma)
    wanted, seen = [], []
    for number, values in enumerate(many):
        these, trace = slow.detect(
            values.tolist(), (sigma, within, spread), rules(settings, line)[name], settings.episodes
        )
        wanted += [
            (
                number,
                e["start"] + 1,
                e["low"] + 1,
                None if e["repair"] is None else e["repair"] + 1,
                e["outcome"],
            )
            for e in these
        ]
        seen += trace
    names = ["case", "start_session", "low_session", "repair_session", "outcome"]
    assert [tuple(row[key] for key in names) for row in listed] == wanted
    for have, (level, state, opened) in zip(traced, seen, strict=True):
        assert (have["state"], have["episode"]) == (state, None if opened is None else opened + 1)
        assert have["level"] == (None if level is None else pytest.approx(level, abs=1e-9))


# -- what must not matter -----------------------------------------------------------------------------


def eventful(seed, cases=120):
    """Noise with falls of 30 points, some for one session and some that last."""
    random = np.random.default_rng(seed)
    return [
        60
        + 8 * random.standard_normal(length)
        - 30 * (random.random(length) < 0.1)
        - 35 * (np.cumsum(random.random(length) < 0.15) % 2)
        for length in random.integers(1, 26, cases)
    ]


@pytest.mark.parametrize("name", OTHERS)
def test_a_flag_uses_the_case_up_to_the_session_at_which_it_is_known(name):
    """With σ and the other spreads held, cutting a series after a session changes nothing that was known by then."""
    many = eventful(8)
    whole = find(name, many, threshold=45.0 if name == "threshold" else None)
    series, place = courses(many).series, courses(many).place
    opened = np.flatnonzero(whole.known >= 0)
    assert len(opened) > 20
    for end in (1, 2, 4, 7, 8, 12, 20):
        cut = find(name, [values[:end] for values in many], threshold=45.0 if name == "threshold" else None)
        kept = np.flatnonzero(place < end)
        by_then = opened[place[whole.known[opened]] < end]
        now = {(series[row], place[row]) for row in by_then}
        then = {
            (series[kept[row]], place[kept[row]])
            for row in np.flatnonzero(cut.known >= 0)
            # What the cut left undecided does not count: a later rating may change it.
            if name != "sudden_loss" or place[kept[row]] + 2 < end or len(many[series[kept[row]]]) <= end
        }
        assert now == then
        if name != "sudden_loss":
            for part in ("level", "z", "state", "members"):
                assert np.array_equal(
                    getattr(cut, part), getattr(whole, part)[kept], equal_nan=part in ("level", "z")
                )


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize(("factor", "shift"), [(1, 7), (0.5, 0), (2, -30)])
def test_shift_and_scale_do_not_matter(name, factor, shift):
    """Ratings and every spread in other units; a stated line moves along."""
    many = eventful(9)
    line = 45.0 if name == "threshold" else None
    one = find(name, many, threshold=line)
    other = find(
        name,
        [factor * values + shift for values in many],
        threshold=None if line is None else factor * line + shift,
        sigma=factor * 10,
        within=factor * 10,
        spread=factor * 20,
    )
    assert (one.state == 3).sum() > 10
    for part in ("state", "episode", "low", "end", "outcome", "members", "base", "known"):
        assert np.array_equal(getattr(one, part), getattr(other, part)), part
    assert np.allclose(one.z, other.z, equal_nan=True)


@pytest.mark.parametrize("name", DETECTORS)
def test_the_order_of_the_series_does_not_matter(name):
    many = eventful(10)
    order = np.random.default_rng(1).permutation(len(many))
    one, other = find(name, many), find(name, [many[number] for number in order])
    begins = np.append(0, np.cumsum([len(values) for values in many]))
    moved = np.concatenate([np.arange(begins[n], begins[n + 1]) for n in order])
    assert np.array_equal(one.state[moved], other.state)
    assert np.array_equal(one.outcome[moved], other.outcome)


@pytest.mark.parametrize("name", DETECTORS)
def test_a_threshold_in_place_of_the_setting_is_what_decides(name):
    """A harder one finds no more and other ones; the setting's own value changes nothing."""
    many, detector = eventful(11), DETECTORS[name]
    group, key = detector.threshold.split(".")
    if name == "threshold":
        looser, tighter = find(name, many, threshold=55.0), find(name, many, threshold=35.0)
    else:
        own = getattr(getattr(Settings(), group), key)
        same, looser = find(name, many, threshold=own), find(name, many)
        assert np.array_equal(same.state, looser.state)
        tighter = find(name, many, threshold=1.5 * own)
    assert 0 < (tighter.state == 3).sum() < (looser.state == 3).sum()


@pytest.mark.parametrize("name", DETECTORS)
def test_bare_arrays_are_enough_and_no_rows_give_no_episodes(name):
    for length in (0, 1, 2, 30):
        values = np.linspace(90, 20, length)
        found = DETECTORS[name].find(Courses(np.zeros(length, int), values, np.full(length, 5.0)), Settings())
        assert len(found.state) == length


@pytest.mark.parametrize("name", DETECTORS)
def test_every_rule_says_what_it_does_how_it_fails_and_whence(name):
    one = DETECTORS[name]
    assert one.name == name
    assert one.explanation.count(". ") == 1  # two sentences
    assert all(text.endswith(".") for text in (one.explanation, one.weakness))
    assert "after " in one.source
    group, key = one.threshold.split(".")
    assert key in type(getattr(Settings(), group)).model_fields
