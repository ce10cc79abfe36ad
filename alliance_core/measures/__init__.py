"""The measures, one idea a file: scores, noise, episodes, agreement, summaries, tasks and goals, agenda.

Everything is in pct (percent of the maximum possible) unless a column says otherwise. A fall is
positive when the rating went down; a gap is practitioner − client.
"""

# Two numbers that are equal on paper may differ in their last bit after summing. Every comparison
# with a limit treats them as equal when they are this close, so that a tie is a tie in any order.
TIE = 1e-9
