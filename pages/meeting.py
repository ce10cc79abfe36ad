"""A team meeting: choose what comes up, go through it one card at a time, keep the record. Ids are masked all along."""

from pages.parts import meeting_end, meeting_start, meeting_view
from pages.parts.frame import ratings_or_stop
from pages.parts.shell import MEETING, require_shell
from pages.parts.sitting import for_the_room, sitting_of

require_shell(MEETING.file)
found = for_the_room(ratings_or_stop(MEETING))
sitting = sitting_of(found)
if sitting is None:
    meeting_start.choose(found)
elif sitting.over:
    meeting_end.over(found, sitting)
else:
    meeting_view.sit(found, sitting)
