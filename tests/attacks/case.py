"""Cases and how attackers edit. Each attack states the code by which it has to be named."""

from raw import Revision, facts, spelled, with_key

ATTACKS, HARMLESS = [], []


def attack(family, code):
    def enter(make):
        ATTACKS.append((family, make.__name__, code, make))
        return make
    return enter


def harmless(family):
    def enter(make):
        HARMLESS.append((family, make.__name__, make))
        return make
    return enter


def changed(data, number, key, value):
    """One key of an object set to another value."""
    return Revision(data).put(number, with_key(spelled(data, number), key, value)).finish()


def replaced(data, number, body):
    return Revision(data).put(number, body).finish()


def with_fields(revision, data, added):
    """Adds to the form's /Fields, which our base holds in the catalogue."""
    f = facts(data)
    holder = f["form"] or f["root"]
    body = spelled(data, holder)
    at = body.index(b"/Fields")
    end = body.index(b"]", at)
    return revision.put(holder, body[:end] + added + body[end:])
