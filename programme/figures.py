"""A council's figures, practice and system requirements in words: what its document states beside its rules."""

from collections.abc import Mapping
from decimal import Decimal

from programme.casework import capacity
from programme.profile import Profile
from programme.rates import percent
from programme.results import Casework, Requirement, Target

# What is followed and how much can be carried, a sentence for each figure that a document may state.
_CASEWORK = {
    "longest_work_months": "work with a family lasts at most {} months",
    "average_work_months": "work with a family lasts {} months on average",
    "key_workers": "{} key workers",
    "families_at_once": "about {} families at once",
    "follow_up_months": "followed up {} months after closure",
    "sustainment_months": "sustained when it has held for {} months after closure",
    "drift_days": "drift: nothing done for more than {} days",
    "engagement_percent": "{}% of a year's families engaged before the next year's money is paid",
}


def figure(each: Target, profile: Profile) -> list[str]:
    """A figure with its unit and when it was reported, and what share it is of each figure that it is set against."""
    when = f", {each.when}" if each.when else ""
    shares = [
        f"{_share(each, whole)}% of {_amount(whole)}: {whole.name}"
        for whole in map(profile.targets.__getitem__, each.of)
    ]
    return [f"{each.name}: {_amount(each)}{when}", *shares]


def casework(rule: Casework) -> list[str]:
    """What is followed after attachment and after closure, and how many families can be worked with at once."""
    stated = rule.model_fields_set
    lines = [said.format(_plain(getattr(rule, key))) for key, said in _CASEWORK.items() if key in stated]
    if rule.caseload_low is not None and rule.caseload_high is not None:
        lines.append(f"{rule.caseload_low} to {rule.caseload_high} families for each key worker is the norm")
    if able := capacity(rule):
        lines.append(f"reckoned: {able.for_each_worker:.0f} families for each key worker, {able.a_year:.0f} a year")
    return [rule.name, *lines]


def no_casework(profile: Profile) -> list[str]:
    """What stands where a document states nothing of follow-up, sustainment, caseload or capacity."""
    return [
        "Casework",
        f"    {profile.name} is silent: no follow-up, sustainment or caseload is stated, nor nationally",
    ]


def requirement(each: Requirement) -> list[str]:
    """What the council's document asks of a system, and where Hearth does it."""
    return [each.name, f"in Hearth: {each.met_by}" if each.met_by else "not in Hearth"]


def sources_named(profile: Profile, shown: str) -> dict[str, str]:
    """The sources that a profile's words name by their letters, each with its title."""
    return {key: title for key, title in profile.sources.items() if key in shown}


def _share(part: Target, whole: Target) -> Decimal | None:
    """To one decimal, to two below a tenth: 15 families of 910 and of 899 are told apart."""
    places = 2 if 10 * part.figure < whole.figure else 1
    return percent(int(part.figure), int(whole.figure), places=places)


def _amount(each: Target) -> str:
    to = f" to {_number(each.up_to, each.unit)}" if each.up_to is not None else ""
    unit = "" if each.unit in {"pounds", "%"} else f" {each.unit}"
    return f"{_number(each.figure, each.unit)}{to}{unit}"


def _number(value: Decimal, unit: str) -> str:
    return {"pounds": f"£{value:,}", "%": f"{value}%"}.get(unit, f"{value:,}")


def _plain(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


SURENESS: Mapping[str, str] = {
    "A": "stated in the source",
    "B": "reckoned from what a source states",
    "C": "rests on remembered wording",
    "M-H": "remembered, fairly sure",
    "M-M": "remembered, less sure",
    "M-L": "remembered, unsure: verify before use",
    "DESIGN": "a choice of this software",
}
