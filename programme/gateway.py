"""The objective of the Digital Economy Act's gateway: two or more of its factors in one person or in one household."""

from collections.abc import Iterable

FACTORS = frozenset(
    {
        "anti-social behaviour",
        "care leaver",
        "child in need",
        "criminal offending",
        "domestic violence",
        "financial exclusion",
        "disability",
        "homelessness",
        "ill-health",
        "irregular school attendance",
        "not in education or training",
        "substance misuse",
        "unemployment",
    },
)


def is_within_objective(of_each_person: Iterable[Iterable[str]]) -> bool:
    """Whether a household's people have two or more different factors between them (SI 2018/912, W79)."""
    return len({factor for factors in of_each_person for factor in factors} & FACTORS) >= 2
