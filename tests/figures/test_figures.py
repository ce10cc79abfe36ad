"""Figures in words: each from its number of pairs or clients on, and a reason where there is none."""

import re

import numpy as np
import pytest

from alliance_core import figures
from alliance_core.analysis import analyse
from alliance_core.measures.explained import measures
from alliance_core.sentences import Terms
from alliance_core.settings import AgreementSettings, Settings
from tests.measures.made import TEN, overall, ratings
from tests.measures.test_caseloads import around, clients, many

UP_AND_DOWN = [60, 64, 61, 70, 66, 59, 72, 68, 63, 65, 71, 62, 69, 67, 58, 73]
BESIDE = [55, 57, 60, 61, 66, 50, 63, 68, 58, 61, 60, 59, 60, 61, 58, 64]


def first(frame):
    return frame.to_dict("records")[0]


def both(client, practitioner, who="C-1", **more):
    return overall(who, client) + overall(who, practitioner, rater="practitioner", **more)


def of_case(forms, chosen=TEN, **more):
    """measure → its figure, of the first case."""
    found = analyse(ratings(forms), chosen)
    told = figures.of_case(
        first(found.agreement), first(found.practitioners), first(found.service), found.settings, **more
    )
    assert all(bool(one.value) != bool(one.why_not) for one in told)
    assert all(one.measure in measures() for one in told)
    return {one.measure: one for one in told}


def of_caseload(*caseloads, at=0, extra=()):
    """measure → its figure, and what is said aloud and under the funnel, of the practitioner at this place."""
    forms = [one for number, levels in enumerate(caseloads) for one in clients(levels, f"P{number:02}")]
    found = analyse(ratings([*forms, *extra]), TEN)
    load = found.caseloads.to_dict("records")[at]
    whole = first(found.service)
    told = figures.of_caseload(found.practitioners.to_dict("records")[at], load, whole, TEN)
    assert all(bool(one.value) != bool(one.why_not) for one in told)
    aloud = figures.standing(load, whole, TEN)
    return {one.measure: one for one in told}, aloud, figures.funnel_note(load, whole, TEN)


def test_everything_that_sixteen_pairs_tell():
    found = of_case(both(UP_AND_DOWN, BESIDE))
    gap = found["mean_gap"]
    # Gaps −5 −7 −1 −9 0 −9 −9 0 −5 −4 −11 −3 −9 −6 0 −9: sum −87, mean −5.4; the SD is 3.8, t(15) = 2.131450
    assert (gap.value, gap.interval) == ("−5 points", "95 % interval −7 to −3")
    assert gap.numbers == (
        "16 pairs: sessions that both rated.",
        "The client rated higher in 13, the practitioner in 0, both the same in 3.",
        "Mean size of a gap: 5 points.",
        "SD of the gaps: 3.8 points.",
        "What is usual: −5 for this practitioner (16 pairs), −5 over all that is loaded.",
    )
    assert found["limits"].value == "−13 to +2 points"
    assert found["limits"].numbers == ("16 pairs on versions of one instrument.",)
    for name in ("correlation", "congruence", "icc_a1", "icc_c1"):
        assert re.fullmatch(r"0\.\d\d", found[name].value)
        assert re.fullmatch(r"95 % interval −?0\.\d\d to \d\.\d\d", found[name].interval)
    assert found["concordance"].interval == ""
    assert found["correlation"].numbers == ("16 pairs.",)


@pytest.mark.parametrize(
    ("pairs", "measure", "why"),
    [
        (0, "mean_gap", "0 pairs; from 3 on."),
        (1, "mean_gap", "1 pair; from 3 on."),
        (2, "mean_gap", "2 pairs; from 3 on."),
        (3, "mean_gap", ""),
        (4, "congruence", "4 pairs; from 5 on."),
        (5, "congruence", ""),
        (9, "correlation", "9 pairs; from 10 on."),
        (10, "correlation", ""),
        (9, "icc_a1", "9 pairs on versions of one instrument; from 10 on."),
        (10, "icc_a1", ""),
        (9, "icc_c1", "9 pairs on versions of one instrument; from 10 on."),
        (10, "concordance", ""),
        (14, "limits", "14 pairs on versions of one instrument; from 15 on."),
        (15, "limits", ""),
    ],
)
def test_each_figure_from_its_number_of_pairs_on(pairs, measure, why):
    found = of_case(both([*UP_AND_DOWN[:pairs], 70], [*BESIDE[:pairs], None]))
    assert found[measure].why_not == why


def test_the_interval_of_the_mean_gap_says_from_when_on():
    five = of_case(both(UP_AND_DOWN[:5], BESIDE[:5]))["mean_gap"]
    assert five.interval == ""
    assert "Interval: 5 pairs; from 6 on." in five.numbers
    six = of_case(both(UP_AND_DOWN[:6], BESIDE[:6]))["mean_gap"]
    assert six.interval.startswith("95 % interval")
    assert not any(line.startswith("Interval") for line in six.numbers)


def test_other_numbers_of_pairs_are_told():
    chosen = Settings(agreement=AgreementSettings(correlation_from=20, interval_level=0.9))
    found = of_case(both(UP_AND_DOWN, BESIDE), chosen)
    assert found["correlation"].why_not == "16 pairs; from 20 on."
    assert found["mean_gap"].interval.startswith("90 % interval")


@pytest.mark.parametrize(
    ("client", "practitioner", "told"),
    [
        ([70] * 16, BESIDE, "The client's rating never moved over these sessions, so this cannot be told."),
        (
            UP_AND_DOWN,
            [70] * 16,
            "The practitioner's rating never moved over these sessions, so this cannot be told.",
        ),
        ([70] * 16, [70] * 16, "Neither rating moved over these sessions, so this cannot be told."),
    ],
)
def test_a_side_that_never_moved_is_the_reason(client, practitioner, told):
    found = of_case(both(client, practitioner))
    for name in ("correlation", "congruence", "icc_a1", "icc_c1", "concordance"):
        assert found[name].why_not == told
    assert found["mean_gap"].value
    assert found["limits"].value


def test_forms_of_two_instruments_are_the_reason():
    found = of_case(both(UP_AND_DOWN, [mark / 10 for mark in BESIDE], high=10))
    assert found["icc_a1"].why_not == "0 of 16 pairs on versions of one instrument; from 10 on."
    assert found["limits"].why_not == "0 of 16 pairs on versions of one instrument; from 15 on."
    assert found["correlation"].value


def test_pairs_on_one_line_have_no_interval_and_say_so():
    found = of_case(both(UP_AND_DOWN, [mark - 10 for mark in UP_AND_DOWN]))
    for name in ("correlation", "congruence", "icc_c1"):
        assert (found[name].value, found[name].interval) == ("1.00", "")
        assert "No interval: all pairs lie on one line." in found[name].numbers
    assert found["icc_a1"].interval


def test_the_pooled_congruence_stands_beside_that_of_the_case():
    alone = of_case(both(UP_AND_DOWN, BESIDE))["congruence"]
    assert not any("pooled" in line for line in alone.numbers)
    two = [
        *both(UP_AND_DOWN[:4], BESIDE[:4]),
        *both(UP_AND_DOWN, BESIDE, "C-2"),
        *both(BESIDE, UP_AND_DOWN, "C-3"),
    ]
    found = of_case(two)["congruence"]
    assert found.why_not == "4 pairs; from 5 on."
    assert found.numbers[0].startswith("All that is loaded, as a correlation, pooled over 2 cases: 0.")
    assert "Q 0.0 on 1, I² 0 %" in found.numbers[0]


def test_the_pair_may_be_called_otherwise():
    found = of_case(both(UP_AND_DOWN, BESIDE), terms=Terms("patient", "doctor"))
    assert "The patient rated higher in 13, the doctor in 0, both the same in 3." in found["mean_gap"].numbers


def test_a_mean_that_may_be_named():
    """μ 64, MSW 48, MSB 20·312/11 = 567.3: τ² 25.96, λ .915, estimate 64 − .915·6 = 58.51, half width 1.96·√2.214 = 2.9."""
    found, aloud, note = of_caseload(around(58, 20), *[around(60, 20)] * 6, *[around(70, 20)] * 5)
    mean = found["pooled_mean"]
    assert mean.value == "59 % of the maximum"
    assert mean.interval == "95 % interval 56 % to 61 %"
    assert mean.numbers[0].startswith(
        "Own mean 58 % over 20 clients, drawn towards the mean of all with reliability 0.9"
    )
    assert mean.numbers[1].startswith("All 240 clients of 12 practitioners: mean 64 % (95 % interval ")
    assert found["reliability"].value.startswith("0.9")
    assert found["funnel"].value == "within the inner limits"
    assert found["funnel"].numbers[0].startswith("Limits for 20 clients: inner ")
    assert found["funnel"].numbers[1].startswith("φ = ")
    assert aloud == [
        "These clients rate at 59 % of the maximum on average (95 % interval 56 % to 61 %); chance in 20 clients is allowed for.",
        "That is within what chance alone allows for 20 clients.",
        "All clients together rate at 64 % of the maximum.",
    ]
    assert (note.shown, note.named) == (True, True)
    assert "nobody else named" in note.words


def test_a_mean_between_the_limits_is_worth_a_look():
    found, aloud, _ = of_caseload(around(50, 20), *[around(60, 20)] * 5, *[around(70, 20)] * 5)
    assert found["funnel"].value == "between the inner and outer limits"
    assert (
        aloud[1]
        == "That is below what chance alone mostly allows for 20 clients: worth looking at the caseload together."
    )


def test_a_mean_beyond_the_funnel_is_a_reason_to_look_and_no_verdict():
    found, aloud, _ = of_caseload(*[around(60, 30)] * 11, around(85, 30), at=11)
    assert found["funnel"].value == "beyond the outer limits"
    assert (
        aloud[1]
        == "That is above what chance alone allows for 30 clients: a reason to look at the caseload together, not a verdict."
    )
    _, aloud, _ = of_caseload(*[around(60, 30)] * 11, around(35, 30), at=11)
    assert aloud[1].startswith("That is below what chance alone allows")


def test_nine_clients_are_too_few_to_name_a_mean():
    found, aloud, note = of_caseload(around(50, 9), *many(10))
    assert found["pooled_mean"].why_not == "9 clients; from 10 on."
    assert aloud[0] == "The mean of these clients is not named. 9 clients; from 10 on."
    assert found["funnel"].why_not == "This mean is not picked out in it. 9 clients; from 10 on."
    assert (note.shown, note.named) == (True, False)
    assert "nobody named" in note.words


def test_no_detectable_difference_is_said_in_words():
    found, aloud, _ = of_caseload(around(60), around(60.5), around(59.5))
    told = "No detectable difference: the practitioners' means differ no more than chance makes them differ."
    assert found["pooled_mean"].why_not == told
    assert aloud == [
        f"The mean of these clients is not named. {told}",
        "All clients together rate at 60 % of the maximum.",
    ]
    assert found["reliability"].value == "0.00"


def test_a_low_reliability_is_the_reason():
    found, _, _ = of_caseload(around(58), around(60), around(63.9))
    assert found["pooled_mean"].why_not.startswith("Reliability 0.")
    assert found["pooled_mean"].why_not.endswith("from 0.50 on.")


def test_one_practitioner_alone_is_compared_with_nobody():
    found, aloud, note = of_caseload(around(60))
    told = (
        "How far practitioners differ cannot be told: it takes two of them, and one with two rated clients."
    )
    assert found["pooled_mean"].why_not == found["reliability"].why_not == told
    assert aloud == [f"The mean of these clients is not named. {told}"]
    assert (note.shown, note.words) == (
        False,
        "No funnel is drawn: 1 practitioner with rated clients; from 10 on.",
    )


def test_one_practitioner_with_few_clients_has_two_reasons_each_where_it_belongs():
    found, _, _ = of_caseload(around(60, 9))
    assert found["pooled_mean"].why_not == "9 clients; from 10 on."
    assert found["reliability"].why_not.startswith("How far practitioners differ cannot be told: ")
    silent = overall("C-1", [50], rater="practitioner", practitioner="P99")
    found, _, _ = of_caseload(around(50), around(60), at=2, extra=silent)
    assert found["reliability"].why_not == "No client rated."


def test_nine_practitioners_make_no_funnel():
    found, _, note = of_caseload(*many(9))
    assert found["funnel"].why_not == "9 practitioners with rated clients; from 10 on."
    assert not note.shown
    assert of_caseload(*many(10))[2].shown


def test_clients_who_all_rate_alike_make_no_funnel():
    found, _, _ = of_caseload(*([50 + number] * 12 for number in range(12)))
    assert (
        found["funnel"].why_not
        == "The clients of each practitioner do not differ, so there is no spread to go by."
    )


def test_a_practitioner_whose_clients_never_rated():
    silent = overall("C-1", [50], rater="practitioner", practitioner="P99")
    found, _, _ = of_caseload(around(50), around(60), at=2, extra=silent)
    assert found["pooled_mean"].why_not == "No client rated."
    assert (
        found["recognition"].why_not == "0 episodes with a rating by the practitioner at the time; from 1 on."
    )
    assert found["mean_gap"].why_not == "0 pairs; from 3 on."


def test_limits_of_a_caseload_and_why_not():
    one = both(UP_AND_DOWN, BESIDE)
    two = [*both(UP_AND_DOWN[:9], BESIDE[:9]), *both(BESIDE[:6], UP_AND_DOWN[:6], "C-2")]
    for forms, why in (
        (one, "16 pairs on versions of one instrument, in 1 case; from 15 pairs in 2 cases on."),
        (two, ""),
        (two[:-1], "14 pairs on versions of one instrument, in 2 cases; from 15 pairs in 2 cases on."),
    ):
        found = analyse(ratings(forms), TEN)
        told = {
            figure.measure: figure
            for figure in figures.of_caseload(
                first(found.practitioners), first(found.caseloads), first(found.service), TEN
            )
        }
        assert told["limits"].why_not == why
        if not why:
            assert told["limits"].numbers[0] == "15 pairs on versions of one instrument, in 2 cases."
            assert told["limits"].numbers[1].startswith("Variance of the gap, in points squared: ")
            assert told["mean_gap"].value.endswith(" points")


def test_recognition_has_wilsons_interval():
    """One of two: Wilson's interval 9.5 % to 90.5 %."""
    forms = both([80, 80, 80, 40, 40], [70, 70, 70, 30, 30]) + both([80, 80, 80, 40, 40], [70] * 5, "C-2")
    found = analyse(ratings(forms), TEN)
    told = figures.of_caseload(first(found.practitioners), first(found.caseloads), first(found.service), TEN)
    (seen,) = (one for one in told if one.measure == "recognition")
    assert (seen.value, seen.interval) == ("1 of 2", "95 % interval 9 % to 91 %")
    assert seen.numbers == ("2 episodes in clients' ratings; the practitioner rated at the time of 2.",)


def test_forms_of_several_instruments_are_pointed_out():
    other = clients(np.array(around(70, 12)) / 25 + 1, "P09", instrument="facets", low=1, high=5)
    for one in other:
        one["given"] = dict.fromkeys(("goal", "task", "bond"), one["given"]["overall"])
    found, _, _ = of_caseload(around(40, 12), around(60, 12), extra=other)
    assert (
        "Forms of several instruments are in it: their percentages are not the same thing."
        in found["pooled_mean"].numbers
    )
