"""What supervision decides about episodes: recorded, merged, and found again when the ratings have changed.

A decision is a row of REVIEW (alliance_core.tables): about one session of one case, made on one day. Frames in, new frames
or frozen records out; the day is handed in. Nothing is ever dropped: what no longer fits is said to be so.
"""

from alliance_core.review.decisions import DECISIONS, DISCUSSED, DONE, Decisions, decided_on, said
from alliance_core.review.matching import GONE, MATCHED_COLUMNS, carded, matched
from alliance_core.review.meeting import OPEN_ACTION, MeetingRecord, Sitting, coming_up, record
from alliance_core.review.merging import merged, same_decisions
from alliance_core.review.names import Masks, key_of, masks, who_is_who
from alliance_core.review.since import Since, compared
from alliance_core.review.subjects import NO_EPISODE, RECORDED_MARKER, Subject, subject_of, subject_of_session
from alliance_core.review.timer import Timer

__all__ = [
    "DECISIONS",
    "DISCUSSED",
    "DONE",
    "GONE",
    "MATCHED_COLUMNS",
    "NO_EPISODE",
    "OPEN_ACTION",
    "RECORDED_MARKER",
    "Decisions",
    "Masks",
    "MeetingRecord",
    "Since",
    "Sitting",
    "Subject",
    "Timer",
    "carded",
    "coming_up",
    "compared",
    "decided_on",
    "key_of",
    "masks",
    "matched",
    "merged",
    "record",
    "said",
    "same_decisions",
    "subject_of",
    "subject_of_session",
    "who_is_who",
]
