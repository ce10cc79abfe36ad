"""What stands beside an episode, by hand: own levels of 80, 70 and so on over three sessions, σ = 10."""

import pytest

from alliance_core.analysis import analyse
from tests.measures.made import TEN, form, marker, overall, ratings, records

FALL = [80, 80, 80, 40, 40]


def found(forms, markers=()):
    return records(analyse(ratings(forms, markers), TEN).episodes)


def seen_by(client, practitioner):
    """seen_by of the last episode by rater; a rating that is None leaves no form."""
    forms = overall("C-1", client) + overall("C-1", practitioner, rater="practitioner")
    rows = found([one for one in forms if one["given"]["overall"] is not None])
    return {row["rater"]: row["seen_by"] for row in rows}


@pytest.mark.parametrize(
    ("practitioner", "seen"),
    [
        ([70, 70, 70, 58.5, 70], "both"),  # half of 2.3·10 below the own mean of 70, exactly
        ([70, 70, 70, 58.6, 70], "client only"),
        ([70, 70, 70, 70, 58.5], "both"),  # at the next session
        ([70, 70, 70, 70, 70], "client only"),
        ([70, 70, 70, 90, 90], "client only"),
        ([70, None, None, 58.5, None], "both"),  # one rating over the sessions of B is enough
        ([60, None, 80, None, 58.5], "both"),
        ([70, 70, 70, None, None], "unknown"),
        ([None, None, None, 40, 40], "unknown"),
        ([None] * 5, "unknown"),
        ([70, 70, 70, None, 70], "client only"),
    ],
)
def test_who_registered_a_fall_of_the_clients_rating(practitioner, seen):
    assert seen_by(FALL, practitioner) == {"client": seen}


def test_the_own_detector_within_one_session_counts_on_both_sides():
    fall = [80, 80, 80, 40, 40, 40]
    assert seen_by(fall, [80, 80, 40, 40, 40, 80]) == {"client": "both", "practitioner": "both"}
    assert seen_by(fall, [80, 80, 80, 80, 40, 40]) == {"client": "both", "practitioner": "both"}


def test_two_sessions_apart_are_two_events():
    assert seen_by([80, 80, 80, 40, 40, 40], [80, 80, 80, 80, 80, 40]) == {
        "client": "client only",
        "practitioner": "practitioner only",
    }


def test_the_own_detector_tells_even_without_a_rating_in_the_baseline():
    """Client rates 1 2 3 5 and falls at 5; the practitioner rates 4 6 7 8 9 only, with the fall seen at 6."""
    client = [80, 80, None, None, None, None, 80, 40]
    practitioner = [None, None, 80, 80, 80, 80, None, None, 40]
    assert seen_by(client, practitioner) == {"client": "both", "practitioner": "both"}


def test_a_fall_of_the_practitioners_rating_alone():
    assert seen_by([80] * 5, FALL) == {"practitioner": "practitioner only"}


def test_what_came_before_an_unrepaired_fall_is_no_longer_the_usual_level():
    """A second fall at 10 from a new level of sessions 8 and 9, which the practitioner did not rate."""
    client = [80, 80, 80, 40, 50, 50, 50, 50, 50, 20]
    practitioner = [70, 70, 70, None, None, None, None, None, None, 58]
    assert seen_by(client, practitioner) == {"client": "unknown"}
    practitioner[7] = 70
    assert seen_by(client, practitioner) == {"client": "both"}


def test_the_next_session_goes_by_its_number():
    """Sessions 1 2 3 4, then 6: the rating at 6 is not the next session's."""
    assert seen_by([*FALL, 40], [70, 70, 70, None, None, 40]) == {
        "client": "unknown",
        "practitioner": "practitioner only",
    }


def facets(*sessions):
    return [
        form(
            "P01",
            "C-1",
            number,
            "client",
            low=0,
            high=100,
            given=dict(zip(("goal", "task", "bond"), given, strict=True)),
        )
        for number, given in enumerate(sessions, 1)
    ]


LEVEL = (80, 80, 80)


def overall_row(forms):
    return next(row for row in found(forms) if row["facet"] == "overall")


def test_facets_fell_from_z_165_on():
    """Below three sessions 1.65 is 19.053 points: 19.1 fell, 19 did not."""
    row = overall_row(facets(LEVEL, LEVEL, LEVEL, (0, 80, 60.9)))
    assert (row["facets_fallen"], row["seen_by"]) == ("goal;bond", "unknown")
    assert overall_row(facets(LEVEL, LEVEL, LEVEL, (0, 80, 61)))["facets_fallen"] == "goal"


def test_a_facet_exactly_on_the_line_fell():
    row = overall_row(facets(LEVEL, LEVEL, LEVEL, (0, 80, 80 - 16.5 * (4 / 3) ** 0.5)))
    assert row["facets_fallen"] == "goal;bond"


def test_a_facet_that_fell_at_the_low_counts_too():
    row = overall_row(facets(LEVEL, LEVEL, LEVEL, (0, 80, 80), (0, 40, 80)))
    assert (row["start_session"], row["low_session"], row["facets_fallen"]) == (4, 5, "goal;task")


def test_inside_its_own_episode_a_facet_is_held_against_its_former_level():
    """Bond opens at 4, alone; the overall only at 5. Bond at 5 is still 60 below its level of 80."""
    rows = found(facets(LEVEL, LEVEL, LEVEL, (80, 80, 20), (30, 80, 20)))
    starts = {row["facet"]: row["start_session"] for row in rows}
    assert starts == {"bond": 4, "goal": 5, "overall": 5}
    assert next(r for r in rows if r["facet"] == "overall")["facets_fallen"] == "goal;bond"


def test_single_facets_have_no_seen_by():
    rows = found(facets(LEVEL, LEVEL, LEVEL, (0, 0, 0)))
    assert {row["facet"]: row["seen_by"] for row in rows} == {
        "goal": None,
        "task": None,
        "bond": None,
        "overall": "unknown",
    }


def kind(*markers):
    """Kind of an episode that starts at 4 and is lowest at 7."""
    forms = overall("C-1", [80, 80, 80, 40, 50, 50, 30])
    (row,) = found(forms, [marker("P01", "C-1", *one) for one in markers])
    return row["kind"]


def test_kinds_come_from_markers_within_one_session_of_start_or_low():
    assert kind() == "unspecified"
    assert kind((3, "withdrawal", 1)) == "withdrawal"
    assert kind((8, "confrontation", None)) == "confrontation"
    assert kind((2, "withdrawal", 1)) == "unspecified"
    assert kind((9, "withdrawal", 1)) == "unspecified"
    assert kind((5, "withdrawal", 1), (6, "confrontation", 2)) == "both"


def test_a_marker_of_another_case_counts_for_nothing():
    forms = overall("C-1", FALL) + overall("C-1", [80] * 5, practitioner="P02")
    rows = found(forms, [marker("P02", "C-1", 4, "withdrawal", 1)])
    assert [row["kind"] for row in rows] == ["unspecified"]


def test_a_grave_marker_without_a_fall_is_an_episode_of_its_own():
    marks = [(2, "withdrawal", 3), (2, "withdrawal", 5), (3, "confrontation", 2), (5, "withdrawal", 2)]
    rows = found(overall("C-1", [80] * 6), [marker("P01", "C-1", *one) for one in marks])
    (row,) = rows
    assert (row["start_session"], row["source"], row["kind"]) == (2, "marker", "both")
    assert (row["rater"], row["facet"], row["method"]) == ("client", "overall", "baseline")
    unknown = ["low_session", "repair_session", "baseline", "low", "depth_pct", "depth_sigma"]
    assert all(row[name] is None for name in [*unknown, "outcome", "seen_by", "facets_fallen"])


@pytest.mark.parametrize(
    ("session", "alone"), [(2, True), (3, False), (5, False), (8, False), (9, False), (10, False), (11, True)]
)
def test_a_grave_marker_near_a_fall_is_no_second_episode(session, alone):
    """Start 4, lowest 7, still open at 9, by either rater's overall: during it, or within one session of it."""
    values = [80, 80, 80, 40, 50, 50, 30, 30, 30]
    for rater in ("client", "practitioner"):
        forms = overall("C-1", values, rater=rater)
        rows = found(forms, [marker("P01", "C-1", session, "withdrawal", 3)])
        assert [row["source"] for row in rows].count("marker") == alone
