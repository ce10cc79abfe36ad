"""Every threshold of the measures, in one place, each with its unit and its source.

A team may change any of them in a TOML file (``--settings FILE``). Whatever was used is written
beside the results (``run.json``), so that a number can always be traced to its rule.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from alliance_core.notation import Dates, Notation, Numbers, digits

Method = Literal[
    "baseline", "last_three", "step", "reliable_change", "control_chart", "sudden_loss", "threshold"
]

PaperSize = Literal["A4", "Letter"]


class SettingsError(ValueError):
    """Settings that cannot be used. Of a file, the message names the file, the key and what is accepted."""


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _setting(default: Any, meaning: str, unit: str, source: str, **limits: Any) -> Any:
    return Field(default, description=meaning, json_schema_extra={"unit": unit, "source": source}, **limits)


_JOINERS = "\u200c\u200d"  # invisible, and part of the spelling of some languages


def _readable(word: str) -> str:
    unseen = ("Cc", "Cf", "Cs", "Zl", "Zp")
    if any(unicodedata.category(letter) in unseen and letter not in _JOINERS for letter in word):
        raise ValueError("a word has no line ends and no invisible characters")
    if word and not any(letter.isalpha() for letter in word):
        raise ValueError("a word has at least one letter")
    return unicodedata.normalize("NFC", word)


def _given(word: str) -> str:
    if not word:
        raise ValueError("a word has at least one letter")
    return word


LONGEST_WORD = 24  # letters of a word for one of the pair: it has to fit beside a line of a chart
_Several = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=LONGEST_WORD), AfterValidator(_readable)
]
_Word = Annotated[_Several, AfterValidator(_given)]


class TermsSettings(_Group):
    """What the two who meet are called, on pages and in reports. Columns, files, sheets and options keep their names."""

    client: _Word = _setting(
        "client", "what the one who comes for help, care or lessons is called", "word", "the team's own"
    )
    clients: _Several = _setting("", "the same for several; empty: with an s", "word", "the team's own")
    practitioner: _Word = _setting(
        "practitioner", "what the one who gives it is called", "word", "the team's own"
    )
    practitioners: _Several = _setting("", "the same for several; empty: with an s", "word", "the team's own")

    @model_validator(mode="after")
    def _two_words(self) -> Self:
        if self.client.casefold() == self.practitioner.casefold():
            raise ValueError("the two need two different words")
        return self


class DisplaySettings(_Group):
    """How things are shown on pages. Files for other programs keep ISO dates, points and ids."""

    masked: bool = _setting(
        False,
        "whether aliases stand in the place of all ids on pages",
        "yes or no",
        "the team's own",
    )
    dates: Dates = _setting(
        "D MMM YYYY",
        "how a day is written: day, month and year, in this order and form",
        "pattern",
        "the team's own",
    )
    numbers: Numbers = _setting(
        "1,234.5", "how thousands and decimals are written", "example", "the team's own"
    )
    paper: PaperSize = _setting("A4", "size of the paper that PDFs are made for", "name", "the team's own")
    # What aliases are made with: in the file, so that they are the same next time, and on no page. No setting to read or to choose.
    alias_key: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""

    @property
    def notation(self) -> Notation:
        """How numbers and days are written."""
        return Notation(self.numbers, self.dates)


class NoiseSettings(_Group):
    """How much one rating varies around the case's own level (σ)."""

    min_differences: int = _setting(
        30,
        "successive differences needed before σ is taken from the loaded data",
        "differences",
        "our choice",
        ge=2,
    )
    dependability: float = _setting(
        0.77,
        "dependability of one session's score, used while there are too few differences",
        "proportion",
        "Crits-Christoph et al. 2011",
        ge=0,
        lt=1,
    )
    min_scores: int = _setting(
        30,
        "loaded scores needed before their spread stands in for a published SD",
        "scores",
        "our choice",
        ge=2,
    )
    fallback_sd: float = _setting(
        15.0,
        "spread of scores assumed when neither a published nor a loaded one is there",
        "pct points",
        "our choice",
        gt=0,
    )
    floor: float = _setting(1.0, "σ is never taken to be smaller than this", "pct points", "our choice", gt=0)
    pooled_from: int = _setting(
        10,
        "cases with the same form and rater from which their mean is counted in a case's own level (rule last_three)",
        "cases",
        "our choice",
        ge=2,
    )
    pooled_at_most: float = _setting(
        4.0,
        "sessions of a case that the mean of all cases may count as, at most",
        "sessions",
        "our choice",
        ge=0,
    )


class DetectionSettings(_Group):
    """Which rule finds falls: the one that summaries, agenda, flags and pages stand on."""

    method: Method = _setting(
        "baseline",
        "rule that summaries, agenda, flags and pages stand on",
        "name of a rule",
        "our choice",
    )


class EpisodeSettings(_Group):
    """The rule `baseline`: when a fall opens an episode; and, for every rule, what follows and closes one."""

    z_open: float = _setting(
        2.3,
        "fall below the case's own level that opens an episode",
        "standard errors",
        "our choice, after Gumz et al. 2012 and phase-II control charts",
        gt=0,
    )
    z_strain: float = _setting(1.65, "fall noted as a strain", "standard errors", "our choice", gt=0)
    min_drop_sigma: float = _setting(1.0, "smallest fall that counts at all", "σ", "our choice", ge=0)
    min_baseline: int = _setting(
        2, "rated sessions needed before a fall can be judged", "rated sessions", "our choice", ge=2
    )
    return_share: float = _setting(
        0.75, "share of the fall that must be regained for a repair", "proportion", "our choice", gt=0, le=1
    )
    window: int = _setting(
        3,
        "rated sessions after the lowest point within which a repair counts",
        "rated sessions",
        "our choice",
        ge=1,
    )
    strengthened_sigma: float = _setting(
        0.5,
        "how far above the former level a repair must settle to be called strengthened",
        "σ",
        "our choice",
        ge=0,
    )
    strengthened_sessions: int = _setting(
        2, "rated sessions from the repair on that are averaged for it", "rated sessions", "our choice", ge=1
    )
    ended_after_days: int = _setting(
        60,
        "days without a session after which an open episode counts as ended open",
        "days",
        "our choice",
        ge=1,
    )
    registered_share: float = _setting(
        0.5,
        "share of the opening threshold by which the other rater must fall to have registered an episode",
        "proportion",
        "our choice",
        gt=0,
        le=1,
    )
    nearby_sessions: int = _setting(
        1, "how many sessions apart two events may be to belong together", "sessions", "our choice", ge=0
    )
    marker_significance: int = _setting(
        3,
        "significance from which a recorded marker alone makes an episode",
        "on its 1–5 scale",
        "our choice; scale of Eubanks, Muran & Safran 2015",
        ge=1,
        le=5,
    )


class LastThreeSettings(_Group):
    """The rule `last_three`: the last one, two or three ratings together below the case's own level."""

    z_open: float = _setting(
        2.8,
        "fall below the case's own level that opens an episode",
        "standard errors",
        "our choice, on simulated cases: see benchmarks/detectors",
        gt=0,
    )
    z_strain: float = _setting(2.0, "fall noted as a strain", "standard errors", "our choice", gt=0)
    sessions: int = _setting(
        3,
        "ratings that are taken together at most",
        "rated sessions",
        "our choice, on simulated cases: see benchmarks/detectors",
        ge=1,
    )


class StepSettings(_Group):
    """The rule `step`: a fall from one session to the next, in standard deviations."""

    k: float = _setting(
        2.0,
        "fall since the reference that opens an episode",
        "SD of the case's ratings, or pooled",
        "after Stiles et al. 2004; 1 after Strauss et al. 2006",
        gt=0,
    )
    from_highest_of: int = _setting(
        1,
        "the reference is the highest of so many rated sessions before; 1: the session before",
        "rated sessions",
        "our choice; 3 is the other form in use",
        ge=1,
    )
    own_sd_from: int = _setting(
        4,
        "rated sessions before from which the case's own SD counts beside the pooled one",
        "rated sessions",
        "our choice, in the form of Gumz et al. 2012",
        ge=2,
    )


class ReliableChangeSettings(_Group):
    """The rule `reliable_change`: a fall since the session before beyond measurement error."""

    z: float = _setting(
        1.96,
        "fall since the session before that opens an episode",
        "standard errors of a difference",
        "Jacobson & Truax 1991",
        gt=0,
    )
    reliability: float = _setting(
        0.77,
        "reliability of one score; with alpha instead the error is far too small between sessions",
        "proportion",
        "dependability of a single session's score, Crits-Christoph et al. 2011",
        ge=0,
        lt=1,
    )


class ControlChartSettings(_Group):
    """The rule `control_chart`: below the limits of the case's first sessions."""

    limit: float = _setting(
        3.0,
        "how far the lower limit lies below the mean; 3 is 2.66 mean moving ranges",
        "SD from the mean moving range",
        "NIST/SEMATECH e-Handbook 6.3.2.2",
        gt=0,
    )
    first_sessions: int = _setting(
        6, "first rated sessions that the limits are taken from", "rated sessions", "our choice", ge=2
    )


class SuddenLossSettings(_Group):
    """The rule `sudden_loss`: a reliable step after which ratings stay low. Its error is that of `reliable_change`."""

    z: float = _setting(
        1.96,
        "fall since the session before that may be a loss",
        "standard errors of a difference",
        "after Tang & DeRubeis 1999, with Jacobson & Truax 1991 for its first criterion",
        gt=0,
    )
    sessions: int = _setting(
        3,
        "rated sessions before, and from the fall on, whose means are compared",
        "rated sessions",
        "Tang & DeRubeis 1999",
        ge=2,
    )
    confidence: float = _setting(
        0.95,
        "two-sided level of the critical t that the two means are held against",
        "proportion",
        "Tang & DeRubeis 1999",
        gt=0.5,
        lt=1,
    )
    share: float = _setting(
        0.0,
        "share of the rating before that the fall must reach; 0: not asked, as a share means nothing on such scales",
        "proportion",
        "our choice; 0.25 in Tang & DeRubeis 1999",
        ge=0,
        le=1,
    )


class ThresholdSettings(_Group):
    """The rule `threshold`: at or below a stated line."""

    lines: dict[str, Annotated[float, Field(allow_inf_nan=False)]] = _setting(
        {},
        "overall at or below which a session is flagged, by instrument, in place of the lines of the instrument's own file",
        "marks, mean of the items",
        "none of ours; the lines of instruments are in their files, with source",
    )


class ChanceSettings(_Group):
    """How many falls a rule finds by chance: the same ratings with the sessions of each case in a random order."""

    shuffles: int = _setting(200, "random orders that are tried", "orders", "our choice", ge=1)
    budget: int = _setting(
        2_000_000,
        "ratings walked over in all of them together; with many loaded, fewer orders are tried",
        "ratings",
        "our choice",
        ge=1,
    )
    seed: int = _setting(
        1,
        "where the random orders begin; the same number, the same orders",
        "whole number",
        "our choice",
        ge=0,
    )


class AgreementSettings(_Group):
    """How many paired sessions each figure on the gap needs."""

    mean_from: int = _setting(
        3, "paired sessions from which a mean gap is shown", "paired sessions", "our choice", ge=1
    )
    interval_from: int = _setting(
        6, "paired sessions from which the mean gap has an interval", "paired sessions", "our choice", ge=2
    )
    interval_level: float = _setting(0.95, "coverage of intervals", "proportion", "convention", gt=0.5, lt=1)
    congruence_from: int = _setting(
        5,
        "paired sessions from which a case's temporal congruence is computed and pooled",
        "paired sessions",
        "our choice",
        ge=4,
    )
    correlation_from: int = _setting(
        10,
        "paired sessions from which the correlation and the intraclass correlations are shown",
        "paired sessions",
        "our choice",
        ge=4,
    )
    limits_from: int = _setting(
        15,
        "paired sessions from which limits of agreement are shown",
        "paired sessions",
        "our choice",
        ge=3,
    )
    limits_width: float = _setting(
        1.96,
        "half width of the limits of agreement: they take in 95 % of normal gaps",
        "SDs of a gap",
        "Bland & Altman 1986",
        gt=0,
    )
    largest_correlation: float = _setting(
        0.99,
        "a larger correlation of a case is pooled as this one: Fisher's z of 1 is without end",
        "correlation",
        "our choice",
        gt=0,
        lt=1,
    )
    widening_last: int = _setting(
        3, "latest paired sessions compared with the earlier ones", "paired sessions", "our choice", ge=1
    )
    widening_earlier: int = _setting(
        3, "earlier paired sessions needed for that comparison", "paired sessions", "our choice", ge=2
    )


class PractitionerSettings(_Group):
    """What a practitioner's figures need before they are shown, and how wide the funnel is."""

    name_from: int = _setting(
        10, "clients from which a practitioner's mean is named", "clients", "our choice", ge=2
    )
    name_reliability: float = _setting(
        0.5,
        "reliability λ from which a practitioner's mean is named",
        "proportion",
        "our choice; about 60 clients give a dependable mean (Crits-Christoph et al. 2011)",
        ge=0,
        lt=1,
    )
    funnel_from: int = _setting(
        10,
        "practitioners with rated clients from which a funnel is drawn",
        "practitioners",
        "our choice",
        ge=3,
    )
    funnel_inner: float = _setting(
        1.96,
        "inner limits of the funnel: 95 % of means by chance",
        "standard errors",
        "Spiegelhalter 2005",
        gt=0,
    )
    funnel_outer: float = _setting(
        3.09,
        "outer limits of the funnel: 99.8 % of means by chance",
        "standard errors",
        "Spiegelhalter 2005",
        gt=0,
    )
    funnel_winsorised: float = _setting(
        0.1,
        "share of the means at either end that is drawn in before over-dispersion is taken from them",
        "proportion",
        "Spiegelhalter 2005",
        ge=0,
        lt=0.5,
    )


class OverTimeSettings(_Group):
    """How a practitioner's own caseload is followed from period to period."""

    months: Literal[1, 2, 3, 4, 6, 12] = _setting(
        3, "length of a period, from January on", "months", "our choice"
    )
    clients_from: int = _setting(
        5, "clients from which a mean of a period, or a movement, is given", "clients", "our choice", ge=2
    )
    falls_from: int = _setting(
        5,
        "falls with goal, task and bond rated from which it is said which of them falls most often",
        "falls",
        "our choice",
        ge=2,
    )


class SuppressionSettings(_Group):
    """Which groups of clients may be published."""

    min_clients: int = _setting(
        10,
        "rated clients from which the figures of an approach or a team are shown, and whatever can be worked out from them",
        "clients",
        "our choice",
        ge=5,
    )
    min_practitioners: int = _setting(
        3, "practitioners whose clients these are, at least", "practitioners", "our choice", ge=3
    )


class ServiceSettings(_Group):
    """Through when a service is told, and how finely."""

    months: Literal[1, 3] = _setting(
        3,
        "a summary of the service is told by months (1) or by quarters (3), from January on",
        "months",
        "our choice",
    )
    settle_days: int = _setting(
        14,
        "days after its end from which a month counts as over, so that forms which come late are in",
        "days",
        "our choice",
        ge=1,
        le=90,
    )


class ReadingSettings(_Group):
    """Readings that are neither a fall nor a gap."""

    ceiling_sessions: int = _setting(
        4,
        "sessions at the very top mark, without change, that are pointed out",
        "rated sessions",
        "our choice",
        ge=2,
    )
    missing_sessions: int = _setting(
        2, "latest sessions without a form that are pointed out", "sessions", "our choice", ge=1
    )
    falling_z: float = _setting(
        2.0,
        "slope of the latest usual ratings, downwards, that is pointed out as a slow fall",
        "standard errors of the slope",
        "our choice",
        gt=0,
    )
    falling_from: int = _setting(
        6, "usual ratings from which a slow fall can be told", "rated sessions", "our choice", ge=3
    )
    falling_sessions: int = _setting(
        12, "latest usual ratings that the slope is taken over", "rated sessions", "our choice", ge=3
    )
    recent_sessions: int = _setting(
        6, "sessions that an episode which is over stays on the agenda", "sessions", "our choice", ge=1
    )
    far_days: int = _setting(
        180,
        "days without any session beyond which a few sessions count as far: pointed out, and not taken as the newest day",
        "days",
        "our choice: longer than a team's breaks, shorter than a slip of the year moves a day",
        ge=1,
    )
    far_share: float = _setting(
        0.01,
        "largest share of all sessions that may be far; a single one always may",
        "proportion",
        "our choice: slips are few, and those who come back after a break soon more",
        ge=0,
        lt=0.5,
    )


class AgendaSettings(_Group):
    """Today's agenda."""

    minutes_a_case: float = _setting(
        3.0,
        "how long it is assumed to take to talk about one case on the agenda",
        "minutes",
        "our choice: an assumption, not a measurement",
        gt=0,
        le=60,
    )


class TaskSettings(_Group):
    """What is pointed out of the tasks that the two agreed on (optional sheet `tasks`)."""

    doubt_line: float = _setting(
        4.0,
        "client relevance up to which a task counts as doubted by the client",
        "on its 0–10 scale",
        "our choice: below the middle of the scale",
        ge=0,
        le=10,
    )
    doubt_difference: float = _setting(
        4.0,
        "how far below the practitioner's relevance the client's must lie for a task to count as doubted above that line too",
        "marks of 0–10",
        "our choice",
        gt=0,
        le=10,
    )
    doubt_ceiling: float = _setting(
        6.0,
        "client relevance above which no difference counts as doubt",
        "on its 0–10 scale",
        "our choice: whoever gives more finds the task relevant, whatever the other gives",
        ge=0,
        le=10,
    )
    one_kind_from: int = _setting(
        4,
        "different tasks of a known kind from which it is pointed out that all are of one kind",
        "tasks",
        "our choice",
        ge=2,
    )


class GoalSettings(_Group):
    """What is pointed out of the goals as both sides put them (optional sheet `goals`)."""

    agreement_line: float = _setting(
        4.0,
        "goal agreement up to which it is pointed out",
        "on its 0–10 scale",
        "our choice: below the middle of the scale",
        ge=0,
        le=10,
    )


class Change(_Group):
    """One number that a team changed: when, from what to what, and why."""

    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="day, as 2026-03-31")]
    key: str
    before: str
    after: str
    reason: str


class ReviewSettings(_Group):
    """What is pointed out of an episode that supervision decided about before."""

    changed_points: float = _setting(
        1.0,
        "change of an episode's depth since it was decided about that is pointed out",
        "pct points",
        "our choice: depths are shown in whole points",
        gt=0,
    )


class Settings(_Group):
    """All settings of one analysis.

    >>> Settings().episodes.z_open
    2.3
    """

    terms: TermsSettings = TermsSettings()
    display: DisplaySettings = DisplaySettings()
    noise: NoiseSettings = NoiseSettings()
    detection: DetectionSettings = DetectionSettings()
    episodes: EpisodeSettings = EpisodeSettings()
    last_three: LastThreeSettings = LastThreeSettings()
    step: StepSettings = StepSettings()
    reliable_change: ReliableChangeSettings = ReliableChangeSettings()
    control_chart: ControlChartSettings = ControlChartSettings()
    sudden_loss: SuddenLossSettings = SuddenLossSettings()
    threshold: ThresholdSettings = ThresholdSettings()
    chance: ChanceSettings = ChanceSettings()
    agreement: AgreementSettings = AgreementSettings()
    practitioners: PractitionerSettings = PractitionerSettings()
    over_time: OverTimeSettings = OverTimeSettings()
    suppression: SuppressionSettings = SuppressionSettings()
    service: ServiceSettings = ServiceSettings()
    readings: ReadingSettings = ReadingSettings()
    agenda: AgendaSettings = AgendaSettings()
    review: ReviewSettings = ReviewSettings()
    tasks: TaskSettings = TaskSettings()
    goals: GoalSettings = GoalSettings()
    changes: tuple[Change, ...] = ()


class SettingLine(_Group):
    """One setting as a reader sees it."""

    key: str
    value: bool | int | float | str | dict[str, float]
    unit: str
    meaning: str
    source: str

    @property
    def shown(self) -> str:
        """The value as it is read."""
        if isinstance(self.value, dict):
            return ", ".join(f"{name} {digits(value)}" for name, value in self.value.items()) or "none"
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        return (self.value or "–") if isinstance(self.value, str) else digits(self.value)


def describe(settings: Settings) -> list[SettingLine]:
    """Every setting with value, unit, meaning and source, in the order of this file."""
    lines: list[SettingLine] = []
    for group_name in type(settings).model_fields:
        group: Any = getattr(settings, group_name)
        if not isinstance(group, _Group):
            continue  # the record of changes is no setting
        for name, field in type(group).model_fields.items():
            extra: Annotated[Any, "set by _setting"] = field.json_schema_extra
            if extra is None:
                continue  # nothing to read
            lines.append(
                SettingLine(
                    key=f"{group_name}.{name}",
                    value=getattr(group, name),
                    unit=extra["unit"],
                    meaning=field.description or "",
                    source=extra["source"],
                )
            )
    return lines
