"""What is followed after a family is taken on: follow-ups, drift, caseloads, engagement, families that come back."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from assets.snapshots import read_published
from assets.store import Store
from pipelines.commands import plain
from pipelines.commands.console import out, spoken_errors
from pipelines.commands.flags import Month, ProfileName, StoreFolder, settings_with
from pipelines.commands.published import published_month
from programme import casework, engagement, returns
from programme.profile import Profile, load, shipped_directory

_PUBLISHED = ("attachments", "claims", "cohort", "family_members", "identity_events", "person_records", "run")


@dataclass(frozen=True)
class _Cases:
    """A published month's families on the programme, and what was done with them, under the ids that they bear now."""

    month: str
    programme: str
    day: pd.Timestamp
    attachments: pd.DataFrame
    activity: pd.DataFrame
    referrals: pd.DataFrame
    identified: frozenset[str]
    turned_around: int
    origins: dict[str, str]


def show(month: Month = None, store: StoreFolder = None, profile: ProfileName = None) -> None:
    """Print follow-ups, drift, caseloads, engagement and families that came back, each rate with its whole."""
    with spoken_errors():
        settings = settings_with(store=store, profile=profile)
        opened, chosen = published_month(settings, month)
        rules = load(settings.profile, directories=[shipped_directory()])
        cases = _cases(opened, chosen)
        out.print(_heading(cases, rules), highlight=False, soft_wrap=True)
        for title, frame, nothing in [*_followed(rules, cases), *_engaged(rules, cases), *_back(cases)]:
            out.print(f"\n[bold]{title}[/]", highlight=False, soft_wrap=True)
            plain.show(frame, nothing)


_Section = tuple[str, pd.DataFrame, str]
_UNTOLD = "cannot be told: no activity is recorded in the casebook"


def _heading(cases: _Cases, rules: Profile) -> str:
    told = f"[bold]{cases.month}[/]  by the figures of {rules.name}"
    return told if cases.programme == rules.name else f"{told} (the month was judged by {cases.programme})"


def _followed(rules: Profile, cases: _Cases) -> Iterator[_Section]:
    attachments, day = cases.attachments, cases.day
    due = casework.follow_ups(rules, attachments, cases.activity, as_of=day)
    by_day = due.sort_values(["follow_up_on", "closed_on", "family_id"]).dropna(axis=1, how="all")
    yield _titled("Follow-ups and sustainment", _lacking(rules)), by_day, "no family is closed"
    title = f"Drift: nothing done for more than {casework.drift_days(rules.casework)} days"
    if casework.activity_is_recorded(cases.activity, as_of=day):
        yield title, casework.drifting(rules, attachments, cases.activity, as_of=day), "none"
    else:
        yield title, pd.DataFrame(), _UNTOLD
    yield f"Caseloads{_norm(rules)}", casework.caseloads(rules, attachments, as_of=day), "no family is open"
    if rules.casework and (able := casework.capacity(rules.casework)):
        figures = {"families_for_each_worker": [able.for_each_worker], "families_a_year": [able.a_year]}
        yield "Capacity", pd.DataFrame(figures), ""


def _titled(title: str, lacking: str) -> str:
    return f"{title} (the programme states no {lacking})" if lacking else title


def _lacking(rules: Profile) -> str:
    rule = rules.casework
    figures = {"follow-up": rule and rule.follow_up_months, "time of sustainment": rule and rule.sustainment_months}
    return " and no ".join(name for name, figure in figures.items() if figure is None)


def _norm(rules: Profile) -> str:
    rule = rules.casework
    if rule is None or rule.caseload_low is None or rule.caseload_high is None:
        return ""
    return f" against the norm of {rule.caseload_low} to {rule.caseload_high} families"


def _engaged(rules: Profile, cases: _Cases) -> Iterator[_Section]:
    from casebook.vocabulary import activity_kinds  # noqa: PLC0415 - the casebook is only asked for its words

    contacts = {code for code, kind in activity_kinds().items() if kind.is_contact}
    yield "Consent", engagement.consent(cases.attachments), "nobody has been taken on"
    rates = engagement.rates(cases.attachments, cases.activity, contacts=contacts, identified=cases.identified)
    met = engagement.reached(cases.attachments, cases.activity, contacts=contacts)
    tested = engagement.release_test(rules, cases.attachments, met)
    released = "Engaged, against the share that releases the next year's money"
    if casework.activity_is_recorded(cases.activity, as_of=cases.day):
        yield "Engagement", rates, ""
        yield from [(released, tested, "")] if len(tested) else []
        return
    # Where nobody records what is done, nobody can tell who was reached: that is not the same as nobody.
    yield f"Engagement (reached {_UNTOLD})", rates[~rates["rate"].str.startswith("reached")], ""
    yield from [(released, pd.DataFrame(), _UNTOLD)] if len(tested) else []


def _back(cases: _Cases) -> Iterator[_Section]:
    again = returns.returned(cases.attachments, cases.origins)
    yield "Taken on again", again, "none"
    counted = again["family_id"].nunique()
    yield "Rate of families taken on again", _rate(counted, cases), ""
    referred = returns.referred_again(cases.attachments, cases.referrals)
    yield "Referred again after closure", referred, "none"
    yield "Rate of families referred again", _rate(len(referred), cases), ""


def _rate(count: int, cases: _Cases) -> pd.DataFrame:
    rates = returns.rates(count, cases.attachments, turned_around=cases.turned_around)
    return rates.assign(families=count)[["families", "denominator", "of", "percent"]]


def _cases(store: Store, month: str) -> _Cases:
    from assets.attached import living_families  # noqa: PLC0415 - Dagster takes seconds to import
    from assets.casebook import read_activity  # noqa: PLC0415
    from assets.held import HeldTables  # noqa: PLC0415
    from assets.identity import events_until  # noqa: PLC0415
    from assets.partitions import as_of  # noqa: PLC0415

    tables = {name: read_published(store, month, name) for name in _PUBLISHED}
    activity = read_activity(store)
    living = living_families(store, month, tables["identity_events"], activity["family_id"])
    cohort, claims = tables["cohort"], tables["claims"]
    events = pd.concat([events_until(store, month), tables["identity_events"]])
    split = events[events["kind"].eq("family") & events["event"].eq("split")]
    return _Cases(
        month=month,
        programme=str(tables["run"]["programme"].iloc[0]),
        day=as_of(month),
        attachments=tables["attachments"],
        activity=activity.assign(family_id=activity["family_id"].map(living).astype("string[pyarrow]")),
        referrals=_referrals(HeldTables(store, month)["mash", "referrals"], tables),
        identified=frozenset(cohort.loc[cohort["is_identified"], "family_id"].astype(str)),
        turned_around=int(claims.loc[claims["status"].ne("withdrawn"), "family_id"].nunique()),
        origins=dict(zip(split["id"].astype(str), split["other_id"].astype(str), strict=True)),
    )


def _referrals(held: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Each referral under the family of the person whom it is about."""
    records = tables["person_records"]
    known = records[records["feed"].eq("mash") & records["table_name"].eq("people")]
    people = known.rename(columns={"source_id": "mash_id"})[["mash_id", "person_id"]]
    referred = held[["referral_id", "mash_id", "received_on"]].merge(people, on="mash_id")
    members = tables["family_members"][["family_id", "person_id"]]
    return referred.merge(members, on="person_id")[["family_id", "referral_id", "received_on"]]
