"""The slow, obvious version of METHODS 3 and 5: one case, one practitioner at a time, over plain lists.

Written from the description of the methods; distributions come from scipy.stats, correlation and slope from the
standard library. A case is (practitioner, client, pairs); a pair is (client, practitioner, whether both forms are versions of one
instrument), a client's mean stands in `levels`. What is unknown is None.
"""

from __future__ import annotations

import math
from statistics import correlation, linear_regression, stdev, variance
from statistics import fmean as mean

from scipy import stats

TIE = 1e-9


def never_moved(values):
    return max(values) - min(values) <= TIE


def flat(pairs):
    if not pairs:
        return None
    still = [never_moved([pair[side] for pair in pairs]) for side in (0, 1)]
    return {(True, True): "both", (True, False): "client", (False, True): "practitioner"}.get(tuple(still))


def icc(rows):
    """ICC(A,1) and ICC(C,1) with 95 % intervals, from a table of n rows and two columns (McGraw & Wong 1996)."""
    n, k = len(rows), 2
    every = [x for row in rows for x in row]
    grand = mean(every)
    msr = k * sum((mean(row) - grand) ** 2 for row in rows) / (n - 1)
    columns = [mean(column) for column in zip(*rows, strict=True)]
    msc = n * sum((column - grand) ** 2 for column in columns) / (k - 1)
    total = sum((x - grand) ** 2 for x in every)
    mse = max(0.0, total - msr * (n - 1) - msc * (k - 1)) / ((n - 1) * (k - 1))
    c = (msr - mse) / (msr + (k - 1) * mse)
    a = (msr - mse) / (msr + (k - 1) * mse + k / n * (msc - mse))
    found = {"icc_a1": a, "icc_c1": c}
    if 1 - c > TIE:
        f = msr / mse
        low, high = f / stats.f.ppf(0.975, n - 1, n - 1), f * stats.f.ppf(0.975, n - 1, n - 1)
        found |= {"icc_c1_low": (low - 1) / (low + 1), "icc_c1_high": (high - 1) / (high + 1)}
    if 1 - a > TIE:
        p = k * a / (n * (1 - a))
        q = 1 + k * a * (n - 1) / (n * (1 - a))
        v = (p * msc + q * mse) ** 2 / ((p * msc) ** 2 / (k - 1) + (q * mse) ** 2 / ((n - 1) * (k - 1)))
        v = max(v, k - 1)
        f1, f2 = stats.f.ppf(0.975, n - 1, v), stats.f.ppf(0.975, v, n - 1)
        rest = k * msc + (k * n - k - n) * mse
        found["icc_a1_low"] = n * (msr - f1 * mse) / (f1 * rest + n * msr)
        found["icc_a1_high"] = n * (f2 * msr - mse) / (rest + n * f2 * msr)
    return found


def case_row(pairs, a):
    """One row of AGREEMENT without its keys; `a` holds the settings of agreement."""
    client, practitioner = [p[0] for p in pairs], [p[1] for p in pairs]
    gaps = [p - c for c, p in zip(client, practitioner, strict=True)]
    alike = [p for p in pairs if p[2]]
    n, m = len(pairs), len(alike)
    row = {"paired_sessions": n, "alike_pairs": m, "flat": flat(pairs), "alike_flat": flat(alike)}
    if n >= a.mean_from:
        row["mean_gap"], row["mean_abs_gap"] = mean(gaps), mean(abs(g) for g in gaps)
        row["client_higher"] = sum(g < -TIE for g in gaps)
        row["practitioner_higher"] = sum(g > TIE for g in gaps)
        row["same"] = sum(abs(g) <= TIE for g in gaps)
    if n >= a.interval_from:
        half = stats.t.ppf(0.975, n - 1) * stdev(gaps) / math.sqrt(n)
        row |= {"sd_gap": stdev(gaps), "gap_low": mean(gaps) - half, "gap_high": mean(gaps) + half}
    if not row["flat"] and n >= a.congruence_from:
        r = correlation(client, practitioner)
        fit = linear_regression(client, practitioner)
        row["congruence"] = fit.slope
        if 1 - abs(r) > TIE:
            left = sum(
                (p - fit.intercept - fit.slope * c) ** 2 for c, p in zip(client, practitioner, strict=True)
            )
            error = math.sqrt(left / (n - 2) / (variance(client) * (n - 1)))
            half = stats.t.ppf(0.975, n - 2) * error
            row |= {"congruence_low": fit.slope - half, "congruence_high": fit.slope + half}
    if not row["flat"] and n >= a.correlation_from:
        row["correlation"] = r = correlation(client, practitioner)
        if 1 - abs(r) > TIE:
            z, half = math.atanh(r), stats.norm.ppf(0.975) / math.sqrt(n - 3)
            row |= {"correlation_low": math.tanh(z - half), "correlation_high": math.tanh(z + half)}
    if not row["alike_flat"] and m >= a.correlation_from:
        row |= icc([p[:2] for p in alike])
        x, y = [p[0] for p in alike], [p[1] for p in alike]
        sx, sy = mean((v - mean(x)) ** 2 for v in x), mean((v - mean(y)) ** 2 for v in y)
        sxy = mean((v - mean(x)) * (w - mean(y)) for v, w in zip(x, y, strict=True))
        row["concordance"] = 2 * sxy / (sx + sy + (mean(x) - mean(y)) ** 2)
    if m >= a.limits_from:
        own = [p[1] - p[0] for p in alike]
        row["loa_low"] = mean(own) - a.limits_width * stdev(own)
        row["loa_high"] = mean(own) + a.limits_width * stdev(own)
    return row


def split(groups):
    """(MSB, MSW, n0) of lists of values; None where it cannot be told."""
    n, k = sum(map(len, groups)), len(groups)
    grand = mean(x for group in groups for x in group)
    msb = sum(len(g) * (mean(g) - grand) ** 2 for g in groups) / (k - 1) if k > 1 else None
    msw = sum((x - mean(g)) ** 2 for g in groups for x in g) / (n - k) if n > k else None
    n0 = (n**2 - sum(len(g) ** 2 for g in groups)) / ((k - 1) * n) if k > 1 else None
    return msb, msw, n0


def limits(cases, a):
    """Limits of agreement of lists of gaps, one list a case (Bland & Altman 2007); empty where too few."""
    gaps = [gap for case in cases for gap in case]
    if len(gaps) < a.limits_from or len(cases) < 2:
        return {}
    msb, msw, m0 = split(cases)
    single = msb if msw is None else max(0, (msb - msw) / m0) + msw
    half = a.limits_width * math.sqrt(single)
    return {"loa_low": mean(gaps) - half, "loa_high": mean(gaps) + half}


def pooled(levels):
    """practitioner → clients' means, to practitioner → (size, own, estimate, low, high, λ), and what is said of all."""
    groups = {name: own for name, own in levels.items() if own}
    service = {"practitioners": len(groups), "rated_clients": sum(map(len, groups.values()))}
    rows = {name: {"rated_clients": len(own)} for name, own in levels.items()}
    for name, own in groups.items():
        rows[name]["mean_client_overall"] = mean(own)
    if not groups:
        return rows, service
    msb, msw, n0 = split(list(groups.values()))
    service |= {"within": msw, "n0": n0}
    if msb is None or msw is None:
        return rows, service
    tau = 0 if msb - msw <= TIE else (msb - msw) / n0
    weights = {name: len(own) if tau == 0 else 1 / (tau + msw / len(own)) for name, own in groups.items()}
    mu = sum(weights[name] * mean(own) for name, own in groups.items()) / sum(weights.values())
    spread = msw / sum(weights.values()) if tau == 0 else 1 / sum(weights.values())
    service |= {"mean": mu, "between": tau, "difference": "detectable" if tau else "none detectable"}
    if msw > TIE:
        half = stats.norm.ppf(0.975) * math.sqrt(spread)
        service |= {"mean_low": mu - half, "mean_high": mu + half}
    for name, own in groups.items():
        share = tau / (tau + msw / len(own)) if tau else 0.0
        estimate = mu + share * (mean(own) - mu)
        rows[name] |= {"reliability": share, "pooled_mean": estimate}
        if msw > TIE:
            half = stats.norm.ppf(0.975) * math.sqrt(tau * (1 - share) + (1 - share) ** 2 * spread)
            rows[name] |= {"pooled_low": estimate - half, "pooled_high": estimate + half}
    return rows, service


def unnamed(row, service, p):
    if not row["rated_clients"]:
        return "no ratings"
    if row["rated_clients"] < p.name_from:
        return "few clients"
    if service.get("between") is None:
        return "nothing to compare"
    if service["between"] == 0:
        return "no difference"
    return None if row["reliability"] >= p.name_reliability - TIE else "low reliability"


def quantile(values, share):
    """Linear between the order statistics."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = math.floor(at)
    return ordered[low] + (at - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def funnel(rows, service, p):
    """Adds the limits and the place to every row, and φ to the service."""
    there = [row for row in rows.values() if row["rated_clients"]]
    if len(there) < p.funnel_from or not (service.get("within") or 0) > TIE:
        return
    mu, sigma = service["mean"], math.sqrt(service["within"])
    z = [(row["mean_client_overall"] - mu) / (sigma / math.sqrt(row["rated_clients"])) for row in there]
    low, high = quantile(z, p.funnel_winsorised), quantile(z, 1 - p.funnel_winsorised)
    phi = service["overdispersion"] = max(1, mean(min(max(one, low), high) ** 2 for one in z))
    for row in there:
        error = sigma * math.sqrt(phi / row["rated_clients"])
        away = abs(row["mean_client_overall"] - mu)
        for name, by in (("inner", p.funnel_inner), ("outer", p.funnel_outer)):
            row[f"{name}_low"], row[f"{name}_high"] = mu - by * error, mu + by * error
        row["place"] = (
            "outside"
            if away > p.funnel_outer * error + TIE
            else "between"
            if away > p.funnel_inner * error + TIE
            else "inside"
        )


def congruence(cases, a):
    """Correlations of the cases by Fisher's z, drawn together (DerSimonian & Laird 1986)."""
    z, v = [], []
    for pairs in cases:
        if len(pairs) >= a.congruence_from and not flat(pairs):
            r = correlation([p[0] for p in pairs], [p[1] for p in pairs])
            z.append(math.atanh(min(max(r, -a.largest_correlation), a.largest_correlation)))
            v.append(1 / (len(pairs) - 3))
    if not z:
        return {"congruence_cases": 0}
    w = [1 / one for one in v]
    fixed = sum(a * b for a, b in zip(w, z, strict=True)) / sum(w)
    q = sum(a * (b - fixed) ** 2 for a, b in zip(w, z, strict=True))
    room = sum(w) - sum(a * a for a in w) / sum(w)
    tau = max(0, (q - len(z) + 1) / room) if len(z) > 1 else 0
    w = [1 / (one + tau) for one in v]
    middle = sum(a * b for a, b in zip(w, z, strict=True)) / sum(w)
    half = stats.norm.ppf(0.975) / math.sqrt(sum(w))
    return {
        "congruence_cases": len(z),
        "congruence": math.tanh(middle),
        "congruence_low": math.tanh(middle - half),
        "congruence_high": math.tanh(middle + half),
        "congruence_between": tau,
        "congruence_q": q,
        "congruence_inconsistency": max(0, (q - len(z) + 1) / q) if q > TIE else 0,
    }


def everything(cases, settings):
    """(rows of AGREEMENT by case, rows of CASELOADS by practitioner, the row of SERVICE).

    `cases`: (practitioner, client) → (pairs, the client's mean or None).
    """
    a, p = settings.agreement, settings.practitioners
    by_case = {key: case_row(pairs, a) for key, (pairs, _) in cases.items()}
    names = sorted({key[0] for key in cases})

    def gaps(own):
        found = [[p[1] - p[0] for p in pairs if p[2]] for pairs, _ in own]
        return [case for case in found if case]

    own = {name: [case for key, case in cases.items() if key[0] == name] for name in names}
    rows, service = pooled({name: [c[1] for c in own[name] if c[1] is not None] for name in names})
    for name, row in rows.items():
        alike = gaps(own[name])
        row |= {
            "alike_pairs": sum(map(len, alike)),
            "alike_cases": len(alike),
            "unnamed": unnamed(row, service, p),
        }
        row |= limits(alike, a)
    funnel(rows, service, p)
    every = [p[1] - p[0] for pairs, _ in cases.values() for p in pairs]
    service |= {"paired_sessions": len(every), "mean_gap": mean(every) if every else None}
    service |= limits(gaps(cases.values()), a) | congruence([pairs for pairs, _ in cases.values()], a)
    return by_case, rows, service
