"""The cases: what is made, and what the verdict has to be, stated before anything is run.

A case gives the file and what has to be said about its signature: verdict, sub-indication (ETSI EN 319 102-1 5.1.3), revocation, and
a code that has to be among the reasons. `trust` are the anchors, `at` the time of the check in days from now.
"""

from dataclasses import dataclass, field

from pki import extended, issue

CASES = []


@dataclass
class Case:
    data: bytes
    trust: list
    verdict: str = "valid"
    sub: str | None = None
    revocation: str = "unknown"
    code: str | None = None
    at: float = 0
    level: str | None = None
    cached: list = field(default_factory=list)


def case(group):
    def enter(make):
        CASES.append((group, make.__name__, make))
        return make
    return enter


def root(**options):
    return issue("Root", ca=True, days=(-400, 4000), **options)


def stamping(r, **options):
    options = {"more": [extended("1.3.6.1.5.5.7.3.8")], "days": (-20, 2000), "key": 2048, **options}
    return issue("TSA", r, **options)


INDETERMINATE = dict(verdict="indeterminate")
NO_CHAIN = dict(**INDETERMINATE, sub="NO_CERTIFICATE_CHAIN_FOUND", code="untrusted")
BROKEN_CHAIN = dict(**INDETERMINATE, sub="CERTIFICATE_CHAIN_GENERAL_FAILURE", code="path_invalid")


def constraint(code):
    return dict(**INDETERMINATE, sub="CHAIN_CONSTRAINTS_FAILURE", code=code)
