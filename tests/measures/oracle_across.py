"""What may be published of approaches and teams, client by client, the slow and obvious way.

A client is a dict: practitioner, approach, team (None: not stated), its own means and mean gap (None: no such rating), and counts.
"""

from math import sqrt

from scipy.stats import chi2, norm, t

from tests.measures import oracle_suppression as suppression

WAYS = ("approach", "team")
SCALES = ("goal", "task", "bond", "overall")
VALUES = (*(f"client_{scale}" for scale in SCALES), "gap")
FOUND = (
    *("expected", "steady"),
    *("episodes", "falls", "falls_low", "falls_high", "repaired", "followed", "repaired_share"),
    *("repaired_low", "repaired_high", "recognised", "recognisable", "recognised_share", "recognised_low"),
    "recognised_high",
)
BY_CHANCE = ("expected", "steady")
COUNTS = ("sessions", "rated_sessions", "episodes", "repaired", "followed", "recognised", "recognisable")


def has_rated(client):
    return any(client[f"client_{scale}"] is not None for scale in SCALES)


def mean(values):
    return sum(values) / len(values)


def own_mean(values, level):
    """Mean with its t-interval."""
    if not values:
        return None, None, None
    if len(values) == 1:
        return values[0], None, None
    m = mean(values)
    spread = sqrt(sum((v - m) ** 2 for v in values) / (len(values) - 1))
    half = t.ppf((1 + level) / 2, len(values) - 1) * spread / sqrt(len(values))
    return m, m - half, m + half


def pooled(groups, level):
    """Estimate and interval of each group, and what is said of their difference: random effects by analysis of variance."""
    there = {name: values for name, values in groups.items() if values}
    n, k = sum(map(len, there.values())), len(there)
    if k < 2 or n == k:
        return dict.fromkeys(groups, (None, None, None)), None
    whole = mean([v for values in there.values() for v in values])
    between = sum(len(v) * (mean(v) - whole) ** 2 for v in there.values()) / (k - 1)
    within = sum((x - mean(v)) ** 2 for v in there.values() for x in v) / (n - k)
    n0 = (n - sum(len(v) ** 2 for v in there.values()) / n) / (k - 1)
    tau = 0.0 if between - within <= 1e-9 else (between - within) / n0
    weights = {name: len(v) / (tau * len(v) + within) if tau else len(v) for name, v in there.items()}
    mu = sum(weights[name] * mean(v) for name, v in there.items()) / sum(weights.values())
    error = 1 / sum(weights.values()) if tau else within / n
    found = dict.fromkeys(groups, (None, None, None))
    for name, values in there.items():
        share = tau * weights[name]
        estimate = mu + share * (mean(values) - mu)
        half = norm.ppf((1 + level) / 2) * sqrt(tau * (1 - share) + (1 - share) ** 2 * error)
        known = within > 1e-9
        found[name] = (estimate, estimate - half if known else None, estimate + half if known else None)
    return found, "detectable" if tau else "none detectable"


def wilson(count, of, level):
    if not of:
        return None, None, None
    z, p = norm.ppf((1 + level) / 2), count / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return p, max(0, middle - half), min(1, middle + half)


def falls(events, sessions, level):
    if not sessions:
        return None, None, None
    tail = (1 - level) / 2
    low = chi2.ppf(tail, 2 * events) / 2 if events else 0
    return tuple(100 * n / sessions for n in (events, low, chi2.ppf(1 - tail, 2 * events + 2) / 2))


def held(clients, value, own):
    """The groups of each kind, and all as one, that a figure is held back of."""
    here = [c for c in clients if c[value] is not None]
    trio = [(c["practitioner"], c["approach"], c["team"]) for c in here]
    away = dict(zip(WAYS, suppression.held_back(trio, own), strict=True))
    return {**away, "all": set() if suppression.enough(trio, own) else {"all"}}


def across(clients, settings):
    """Rows of ACROSS and of ACROSS_NAMES, and the differences by (by, scale)."""
    own, level = settings.suppression, settings.agreement.interval_level
    clients = [{**c, **{way: c[way] or "not stated" for way in WAYS}, "all": "all"} for c in clients]
    triples = [(c["practitioner"], c["approach"], c["team"]) for c in clients if has_rated(c)]
    apart, names = suppression.held_back(triples, own), []
    blocks = {}
    for place, way in enumerate(WAYS):
        rated = {triple[1 + place] for triple in triples}
        for name in sorted({c[way] for c in clients}):
            status = "no ratings" if name not in rated else "held back" if name in apart[place] else "shown"
            names.append({"by": way, "group": name, "status": status})
            blocks[way, name] = {"shown": name, "held back": "", "no ratings": None}[status]
    clients = [{**c, **{way: blocks[way, c[way]] for way in WAYS}} for c in clients]
    away_from = {value: held(clients, value, own) for value in VALUES}
    rows, differences = [], {}
    for way in (*WAYS, "all"):
        groups = {c[way] for c in clients} - {None}
        order = sorted(groups, key=lambda name: (name == "", name == "not stated", name))
        inside = {name: [c for c in clients if c[way] == name] for name in order}
        many = sum(line["by"] == way and line["status"] == "held back" for line in names)
        new = {
            name: {"by": way, "group": name or None, "groups": many if name == "" else 1} for name in order
        }
        for name, row in new.items():
            mine = inside[name]
            rated = [c for c in mine if has_rated(c)]
            row |= {what: sum(c[what] for c in mine) for what in COUNTS}
            row |= {
                what: sum(c[what] for c in mine) if mine and mine[0][what] is not None else None
                for what in BY_CHANCE
            }
            row |= {"cases": len(mine), "rated_clients": len(rated)}
            row["practitioners"] = len({c["practitioner"] for c in rated})
            for what, found in (
                ("falls", falls(row["episodes"], row["rated_sessions"], level)),
                ("repaired", wilson(row["repaired"], row["followed"], level)),
                ("recognised", wilson(row["recognised"], row["recognisable"], level)),
            ):
                first = what if what == "falls" else f"{what}_share"
                row |= dict(zip((first, f"{what}_low", f"{what}_high"), found, strict=True))
        for value in VALUES:
            away = away_from[value][way]
            parts = {
                name: [c[value] for c in inside[name] if c[value] is not None]
                for name in order
                if name not in away
            }
            together = [
                c[value] for name in order if name in away for c in inside[name] if c[value] is not None
            ]
            if value == "gap" or way == "all":
                found = {name: own_mean(values, level) for name, values in parts.items()}
            else:
                found, told = pooled({**parts, "held back here": together}, level)
                differences[way, value.removeprefix("client_")] = told
            for name, row in new.items():
                ends = found.get(name, (None, None, None))
                row |= dict(zip((value, f"{value}_low", f"{value}_high"), ends, strict=True))
                shown = name not in away
                if value == "client_overall" and not shown:
                    row |= dict.fromkeys(FOUND)
                if value == "gap":
                    row["paired_sessions"] = (
                        sum(c["paired_sessions"] for c in inside[name]) if shown else None
                    )
                    row["paired_clients"] = len(parts[name]) if shown else None
        rows += new.values()
    return rows, names, differences
