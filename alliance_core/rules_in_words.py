"""What the rules that find falls say, in plain words, with the numbers of the settings in use. Sentences about single episodes build on it."""

from __future__ import annotations

from alliance_core.measures.chance import Expected
from alliance_core.measures.detectors import DETECTORS
from alliance_core.notation import digits
from alliance_core.settings import Settings


def level(method: str, settings: Settings) -> str:
    """What a fall is measured from, after "below": "its own level", "the rating before it"."""
    many = settings.step.from_highest_of
    return (
        f"the highest of the last {many} ratings"
        if method == "step" and many > 1
        else DETECTORS[method].level
    )


def from_own_level(method: str) -> bool:
    """Whether the rule measures a fall from the case's own level, rather than from another rating or a stated line."""
    return DETECTORS[method].level == DETECTORS["baseline"].level


def opens(method: str, settings: Settings) -> str:
    """When the rule opens an episode, with its numbers."""
    own, r = settings.episodes, settings.reliable_change.reliability
    error = f"standard errors of a difference, √2·SD·√(1 − r) with r = {digits(r)}, below the rating before"
    few = settings.last_three.sessions
    chart, loss = settings.control_chart, settings.sudden_loss
    share = (
        f" The fall is also at least {digits(loss.share, '.0%')} of the rating before." if loss.share else ""
    )
    told = {
        "baseline": f"lies at least {digits(own.z_open)} standard errors, σ·√(1 + 1/sessions before), and at least {digits(own.min_drop_sigma)} σ "
        "below the mean of the sessions before.",
        "last_three": f"lies, by itself or together with up to {few - 1} before it, at least {digits(settings.last_three.z_open)} standard errors below the own level, which "
        f"counts the mean of all cases in as a few further sessions, and by itself at least {digits(own.min_drop_sigma)} σ below it.",
        "step": f"lies at least {digits(settings.step.k)} standard deviations and at least {digits(own.min_drop_sigma)} σ below {level('step', settings)}. The standard "
        f"deviation is that of the case's ratings so far, from {settings.step.own_sd_from} on, or the pooled one, whichever is larger.",
        "reliable_change": f"lies at least {digits(settings.reliable_change.z)} {error}.",
        "control_chart": f"lies below the mean of the case's first {chart.first_sessions} ratings by more than {digits(chart.limit)} standard deviations, these being "
        "their mean moving range divided by 1.128, and the one before did not.",
        "sudden_loss": f"lies at least {digits(loss.z)} {error}, and the mean of up to {loss.sessions} ratings from it on lies below the mean of up to {loss.sessions} "
        f"before it by more than t·pooled SD, t for {digits(loss.confidence, '.0%')}.{share}",
        "threshold": "has reached the stated line and the one before had not.",
    }
    return f"An episode opens when a rating {told[method]}"


def formula(method: str, settings: Settings) -> tuple[str, ...]:
    """How the rule is computed, line by line, with its numbers; `rating` is the one that is looked at."""
    own, few, chart, loss = (
        settings.episodes,
        settings.last_three,
        settings.control_chart,
        settings.sudden_loss,
    )
    r, change = settings.reliable_change.reliability, "rating before − rating"
    least = f"b − rating ≥ {digits(own.min_drop_sigma)}·σ"
    told = {
        "baseline": (
            f"b = mean of the m earlier ratings outside episodes and of those that ended one, m ≥ {own.min_baseline}",
            "z = (b − rating) / (σ · √(1 + 1/m))",
            f"an episode opens: z ≥ {digits(own.z_open)} and {least}; a strain: z ≥ {digits(own.z_strain)} and {least}",
        ),
        "last_three": (
            f"b = (sum of m earlier ratings outside episodes + κ·μ) / (m + κ), m ≥ {own.min_baseline}, the last k left out",
            f"μ: mean of all cases; κ = σ²/τ² ≤ {digits(settings.noise.pooled_at_most)} sessions, τ² the variance between cases",
            f"z = (b − mean of the last k ratings) / (σ · √(1/k + 1/(m + κ))), the largest for k = 1 … {few.sessions}",
            f"an episode opens: z ≥ {digits(few.z_open)} and {least}; a strain: z ≥ {digits(few.z_strain)} and {least}",
        ),
        "step": (
            f"an episode opens: b − rating ≥ max(k·s_i, k·s_p, {digits(own.min_drop_sigma)}·σ), k = {digits(settings.step.k)}, b: {level('step', settings)}",
            f"s_i: SD of the case's ratings so far, from {settings.step.own_sd_from} on; s_p: pooled SD within cases",
        ),
        "reliable_change": (
            f"an episode opens: {change} ≥ {digits(settings.reliable_change.z)} · √2·SD·√(1 − r), r = {digits(r)}",
        ),
        "control_chart": (
            f"an episode opens: rating < mean − {digits(chart.limit)} · (mean moving range)/{digits(1.128)}, and the one before was not below",
            f"mean, and mean size of the change from one rating to the next, of the case's first {chart.first_sessions} ratings",
        ),
        "sudden_loss": (
            f"an episode opens: {change} ≥ {digits(loss.z)} · √2·SD·√(1 − r), r = {digits(r)}",
            f"   and x̄₁ − x̄₂ > t · √( ((n₁ − 1)·s₁² + (n₂ − 1)·s₂²) / (n₁ + n₂ − 2) ), t for {digits(loss.confidence, '.0%')}, n₁ + n₂ − 2 degrees of freedom",
            f"x̄₁, s₁: mean and SD of the n₁ ≤ {loss.sessions} ratings before; x̄₂, s₂: of the n₂ ≤ {loss.sessions} from it on; both n ≥ 2",
            *([f"   and {change} ≥ {digits(loss.share, '.0%')} of the rating before"] if loss.share else []),
        ),
        "threshold": (
            "an episode opens: rating ≤ the line that the settings state, or < that of the instrument's file, and the one before was not",
        ),
    }
    return told[method]


def by_chance(told: Expected) -> str:
    """How many falls were found, how many the same rule finds in a random order of the sessions, and how many in steady cases."""
    falls = f"{digits(told.found, ',')} {'fall' if told.found == 1 else 'falls'} found"
    return f"{falls}; {digits(told.expected, ',.1f')} expected from chance order, {digits(told.steady, ',.1f')} in steady cases with the same noise."


def why_by_chance(told: Expected, settings: Settings) -> str:
    """How that number was made and how to read it, for the folded part."""
    fewer = (
        "" if told.shuffles == settings.chance.shuffles else " (fewer than usual, as many ratings are loaded)"
    )
    orders = f"{told.shuffles} {'order' if told.shuffles == 1 else 'orders'}"
    return (
        f"The same rule was run on the same ratings with the sessions of each case in a random order, {orders}{fewer}: {digits(told.expected, ',.1f')} falls on average, "
        f"and in 95 of 100 orders between {digits(told.low, ',')} and {digits(told.high, ',')}. Far fewer than were found means that the order of the sessions matters. As many or more do not "
        "mean that nothing happened: a random order scatters the low ratings of a fall that lasted, and each may then look like a fall of its own. "
        f"Steady cases have the same lengths and levels and nothing but the noise of single ratings (σ, normal): {digits(told.steady, ',.1f')} falls on average."
    )
