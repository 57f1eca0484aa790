"""A profile in words, to be held against a council's document; two against each other: `pack_changes`."""

from collections.abc import Iterable, Mapping

from programme import figures
from programme.conditions import Condition, Rule
from programme.profile import Profile
from programme.results import ConditionsMet, ContinuousWork, Fee, NeedsResolved, Outcome, Reduction
from programme.rules import Sourced


def show(profile: Profile) -> str:
    """The whole profile in words: every rule with its source and how sure it is, national ones marked as such."""
    parts = [
        [profile.title, f"{profile.name}, version {profile.version}, {_dates(profile)}", f"Source: {profile.source}"],
        list(profile.notes),
        [
            "Who is identified",
            *_indented(identification(profile)),
            *_indented(_sourced(profile.identification, profile)),
        ],
        *_criteria(profile),
        _section("Results", profile.outcomes, profile, result),
        _section("Routes to a claim", profile.routes, profile, route),
        _section("Fees", profile.fees, profile, fee),
        _one("Claims", profile.claims, profile, claims),
        _one("Casework", profile.casework, profile, figures.casework) or figures.no_casework(profile),
        _section("Figures", profile.targets, profile, lambda each: figures.figure(each, profile)),
        _section("What the document asks of a system", profile.requirements, profile, figures.requirement),
    ]
    return "\n\n".join("\n".join(part) for part in [*parts, *_legend(profile, parts)] if part) + "\n"


def identification(profile: Profile) -> list[str]:
    """How needs make a family one for the list, a sentence a line."""
    rule = profile.identification
    things = "different headlines" if rule.distinct_headlines else "needs"
    lines = [f"at least {rule.min_needs} {things} met"]
    if rule.local_filter:
        name = profile.headlines[rule.local_filter.headline]
        lines.append(f"or {rule.local_filter.min_needs}, with the local filter: {name}")
    if rule.requires_dependent_child:
        lines.append("a dependent child, or one expected")
    if rule.minimisation:
        looked = profile.headlines[rule.minimisation.headline]
        first = f" {'and' if rule.minimisation.how == 'all' else 'or'} ".join(
            profile.headlines[key] for key in rule.minimisation.only_where
        )
        state = "" if rule.minimisation.enabled else " (switched off)"
        lines.append(f"{looked} looked up only for families who meet {first}{state}")
    if rule.excluded_phase:
        phase = rule.excluded_phase
        lines.append(f"families attached from {phase.attached_from} to {phase.attached_to} are not counted again")
    return lines


def criterion(each: Sourced) -> list[str]:
    """A criterion's name and its conditions in words, any of which is enough."""
    conditions: tuple[Condition, ...] = getattr(each, "any_of", ())
    return [each.name, *(f"{'or ' if n else ''}{condition_in_words(one)}" for n, one in enumerate(conditions))]


def condition_in_words(condition: Condition) -> str:
    """A condition with the options that it sets."""
    left_out = {"measure", "operator", "threshold", "window", "counts", "age_from", "age_to"}
    options = {key: getattr(condition, key) for key in sorted(condition.model_fields_set - left_out)}
    said = [f"{key.replace('_', ' ')}: {_value(value)}" for key, value in options.items()]
    return str(condition) + (f" ({'; '.join(said)})" if said else "")


def result(each: Outcome) -> list[str]:
    """A result's name and what it asks for."""
    if isinstance(each, ConditionsMet):
        return [each.name, *(condition_in_words(one) for one in each.all_of)]
    if isinstance(each, Reduction):
        counted = " and ".join(f"{one.of.says}, {one.counts}, {one.window}" for one in each.of)
        return [each.name, f"{counted}: down by at least {each.by_percent.normalize():f}%"]
    if isinstance(each, ContinuousWork):
        rules = [f"{', '.join(one.benefits)}: {one.weeks} weeks of work in {one.out_of}" for one in each.rules]
        return [each.name, *rules]
    return [each.name, _held(each)]


def fee(each: Fee) -> list[str]:
    """What is paid for a family of one cohort year."""
    results = ", ".join(f"{route} £{pounds:,}" for route, pounds in each.results.items())
    until = f" to {each.ends_on}" if each.ends_on else " on"
    return [f"{each.name}, attached from {each.starts_on}{until}", f"attachment £{each.attachment:,}; {results}"]


def _held(each: NeedsResolved) -> str:
    held = f"each need stays away for {each.sustained_terms} terms or {each.sustained_months} months after attachment"
    over = "and its criterion is over" if each.need_must_have_ended else "though its criterion may look back further"
    return f"{held}, {over}"


def _criteria(profile: Profile) -> list[list[str]]:
    parts = []
    for key, name in profile.headlines.items():
        own = {each: rule for each, rule in profile.criteria.items() if rule.headline == key}
        parts.append(_section(f"{key}. {name}", own, profile, criterion))
    return parts


def _section(title: str, rules: Mapping[str, Sourced], profile: Profile, say: object) -> list[str]:
    if not rules:
        return []
    lines = [title]
    for key, rule in rules.items():
        first, *rest = say(rule)  # type: ignore[operator]
        lines += [f"  {key}  {first}", *_indented(_indented([*rest, *_sourced(rule, profile)]))]
    return lines


def _legend(profile: Profile, parts: Iterable[list[str]]) -> list[list[str]]:
    """What the letters stand for that the profile's words use: how sure a rule is, and where it comes from."""
    shown = "\n".join(line for part in parts for line in part)
    sure = [f"  [{letters}] {said}" for letters, said in figures.SURENESS.items() if f"[{letters}] " in shown]
    sources = [f"  {key}  {title}" for key, title in figures.sources_named(profile, shown).items()]
    return [["How sure", *sure], ["Sources", *sources] if sources else []]


def _one(title: str, rule: Sourced | None, profile: Profile, say: object) -> list[str]:
    return _section(title, {"": rule} if rule else {}, profile, say)


def _sourced(rule: Rule, profile: Profile) -> list[str]:
    origin = getattr(rule, "origin", "")
    national = f"; national rule, {profile.name} is silent" if origin not in {"", profile.name} else ""
    lines = [f"[{getattr(rule, 'confidence', '')}] {getattr(rule, 'source', '')}{national}"]
    note = getattr(rule, "note", "")
    return [*lines, note] if note else lines


def route(each: Sourced) -> list[str]:
    """A route to a claim and the results that it needs."""
    adds = getattr(each, "adds_to", None)
    needs = f"needs {', '.join(getattr(each, 'results', ()))}" + (f"; only on top of {adds}" if adds else "")
    return [each.name, needs]


def claims(rule: Sourced) -> list[str]:
    """How claims are made, and what share of families is funded."""
    cap = getattr(rule, "cap", None)
    if cap is None:
        return [rule.name]
    results = "attachments and results" if cap.covers_results else "attachments"
    return [rule.name, f"{cap.numerator} of {cap.denominator} {results} funded, rounded by the rule: {cap.rounding}"]


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _dates(profile: Profile) -> str:
    return f"{profile.starts_on} to {profile.ends_on}" if profile.ends_on else f"from {profile.starts_on}"
