"""Which groups are held back, written the slow and obvious way: sets of clients, every subset tried, rank by rank."""

from itertools import chain, combinations

import numpy as np

KINDS = (1, 2)  # of a client: (practitioner, approach, team)


def enough(clients, settings):
    staff = {client[0] for client in clients}
    return len(clients) >= settings.min_clients and len(staff) >= settings.min_practitioners


def named(clients, kind):
    """The clients of each group, as lists of their numbers, in order of the names."""
    return {
        name: [i for i, client in enumerate(clients) if client[kind] == name]
        for name in sorted({client[kind] for client in clients})
    }


def published(groups, held):
    """The sets of clients whose figures are published, by the name of the group or of the first that is held back."""
    together = sorted(name for name in groups if name in held)
    found = {name: own for name, own in groups.items() if name not in held}
    if together:
        found[together[0]] = list(chain.from_iterable(groups[name] for name in together))
    return dict(sorted(found.items()))


def filled(clients, groups, held, settings):
    """Held back are none, or all, or two groups and more that are large enough together."""
    held = set(held)

    def fits():
        together = [clients[i] for name in held for i in groups[name]]
        return not held or held == set(groups) or (len(held) > 1 and enough(together, settings))

    while not fits():
        rest = [name for name in groups if name not in held]
        held.add(min(rest, key=lambda name: (len(groups[name]), name)))
    return held


def parts(clients, first, second):
    """The clients that two published groups share, by their names in order."""
    found = {(one, other): sorted(set(a) & set(b)) for one, a in first.items() for other, b in second.items()}
    return {names: own for names, own in sorted(found.items()) if own}


def worked_out(clients, sets, wanted):
    """Whether the total over the wanted clients is a sum of totals over the sets, each taken any number of times."""
    table = np.array([[float(i in own) for own in sets] for i in range(len(clients))])
    target = np.array([float(i in wanted) for i in range(len(clients))])
    times, *_ = np.linalg.lstsq(table, target, rcond=None)
    return bool(np.abs(table @ times - target).max() < 1e-6)


def given_away(clients, first, second, settings):
    """Every set of clients that can be worked out and is too small, as the names of the pairs of groups that share them."""
    own = parts(clients, first, second)
    sets = [set(group) for group in (*first.values(), *second.values())]
    for size in range(1, len(own) + 1):
        for names in combinations(own, size):
            wanted = set(chain.from_iterable(own[name] for name in names))
            if not enough([clients[i] for i in wanted], settings) and worked_out(clients, sets, wanted):
                yield names


def held_back(clients, settings):
    """As suppression.held_back: names of the approaches and of the teams that are held back."""
    groups = [named(clients, kind) for kind in KINDS]
    held = [
        {name for name, own in by.items() if not enough([clients[i] for i in own], settings)} for by in groups
    ]
    held = [filled(clients, by, some, settings) for by, some in zip(groups, held, strict=True)]
    while clients:
        sets = [published(by, some) for by, some in zip(groups, held, strict=True)]
        away = sorted({pair for names in given_away(clients, *sets, settings) for pair in names})
        everything = [(kind, name) for kind in (0, 1) for name in groups[kind] if name not in held[kind]]
        if not away or not everything:
            break
        ends = [(kind, away[0][kind]) for kind in (0, 1)]
        among = [end for end in ends if end[1] not in held[end[0]]] or everything
        kind, name = min(among, key=lambda one: (len(groups[one[0]][one[1]]), one[0], one[1]))
        held[kind] = filled(clients, groups[kind], {*held[kind], name}, settings)
    return held
