"""Rule packs: what is shipped can be read, what is wrong is said plainly, and a council says only what it changes."""

import json
import tomllib

import pytest

from programme import editors, profile
from programme.errors import ProfileError

SMALL = """
title = "A small programme"
version = "1"
starts_on = 2026-01-01
phase = "small"
source = "a test"
headlines = { ED = "Education" }
identification = { min_needs = 1, distinct_headlines = false }

[criteria.X1]
headline = "ED"
label = "absence"
name = "Absence"
source = "a test"
confidence = "C"
any_of = [{ measure = "absence", operator = ">=", threshold = 12.5, window = "3 terms", counts = "any child" }]
"""


def _written(tmp_path, text, name="small"):
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", profile.shipped())
def test_a_shipped_pack_can_be_read(name):
    pack = profile.load(name)
    assert pack.name == name
    assert len(pack.sha256) == 64


def test_the_three_frameworks_and_the_five_councils_are_shipped():
    assert set(profile.shipped()) == {
        "troubled-families-phase-1",
        "troubled-families-phase-2",
        "supporting-families-2022",
        "rbwm-phase-1",
        "rbwm-phase-2",
        "lincolnshire-phase-1",
        "lincolnshire-phase-2",
        "harrow-phase-1",
        "rotherham-phase-1",
        "wirral-phase-1",
        "wirral-phase-2",
    }


@pytest.mark.parametrize("name", profile.shipped())
def test_a_councils_own_rules_are_told_from_national_ones(name):
    pack = profile.load(name)
    rules = [*pack.criteria.values(), *pack.outcomes.values(), *pack.fees.values(), *pack.targets.values()]
    assert {rule.origin for rule in rules} <= {name, pack.extends}


def test_a_pack_by_its_path_is_read_as_well(tmp_path):
    assert profile.load(_written(tmp_path, SMALL)).criteria["X1"].any_of[0].threshold == 12.5


def test_a_councils_own_folder_is_looked_in_first(tmp_path):
    _written(tmp_path, SMALL, "harrow-phase-1")
    assert profile.load("harrow-phase-1", directories=[tmp_path]).title == "A small programme"


def test_a_pack_that_extends_another_says_only_what_it_changes(tmp_path):
    _written(tmp_path, SMALL, "whole")
    path = _written(tmp_path, 'extends = "whole"\n[identification]\nmin_needs = 2\n', "part")
    pack = profile.load(path)
    assert (pack.identification.min_needs, pack.identification.distinct_headlines) == (2, False)
    assert pack.criteria["X1"].origin == "whole"
    assert pack.identification.origin == "part"


def test_the_hash_is_over_the_rules_in_force(tmp_path):
    _written(tmp_path, SMALL, "whole")
    part = _written(tmp_path, 'extends = "whole"\n', "part")
    before = profile.load(part).sha256
    assert profile.load(part).sha256 == before
    _written(tmp_path, SMALL.replace("12.5", "12.6"), "whole")
    assert profile.load(part).sha256 != before


def test_a_dropped_rule_is_gone(tmp_path):
    _written(tmp_path, SMALL + SMALL[SMALL.index("[criteria") :].replace("X1", "X2"), "whole")
    path = _written(tmp_path, 'extends = "whole"\ndrop = ["X1"]\n', "part")
    assert list(profile.load(path).criteria) == ["X2"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("version", "versoin"), ["versoin", "Extra inputs"]),
        (('"absence", operator', '"abscence", operator'), ["criteria.X1.any_of.0.measure", "unauthorised_absence"]),
        (('">="', '"=>"'), ["criteria.X1.any_of.0.operator", "'>='"]),
        (('"3 terms"', '"3 trems"'), ["criteria.X1.any_of.0.window", "12 months"]),
        (('"3 terms"', '"12 months"'), ["recorded by term"]),
        (('"any child"', '"any kid"'), ["criteria.X1.any_of.0.counts", "'any child'"]),
        (('"any child" }', '"any child", roles = ["caller"] }'), ["takes no roles", "min_possible, pooling"]),
        (('headline = "ED"', 'headline = "EX"'), ["criteria.X1.headline", "allowed are the keys of headlines: ED"]),
        (('confidence = "C"', 'confidence = "sure"'), ["criteria.X1.confidence", "'M-H'"]),
        (("12.5", '"many"'), ["criteria.X1.any_of.0.threshold"]),
        (("min_needs = 1", "min_needs = 0"), ["identification.min_needs", "greater than or equal to 1"]),
        (("[criteria.X1]", "[criteria.X1"), ["not TOML", "line"]),
    ],
)
def test_what_is_wrong_is_said_with_file_key_and_what_is_allowed(tmp_path, change, said):
    path = _written(tmp_path, SMALL.replace(*change))
    with pytest.raises(ProfileError) as error:
        profile.load(path)
    assert all(part in str(error.value) for part in [str(path), *said])


def test_anti_social_behaviour_cannot_be_counted_against_callers(tmp_path):
    rule = '{ measure = "asb_incidents", roles = ["caller"], window = "12 months", counts = "any member" }'
    path = _written(tmp_path, SMALL[: SMALL.index("any_of")] + f"any_of = [{rule}]\n")
    with pytest.raises(ProfileError, match="never a caller, victim or witness"):
        profile.load(path)


def test_an_unknown_name_lists_the_names_there_are():
    with pytest.raises(ProfileError, match="wirral-phase-2"):
        profile.load("wiral-phase-2")


def test_a_circle_of_packs_is_refused(tmp_path):
    _written(tmp_path, 'extends = "two"', "one")
    path = _written(tmp_path, 'extends = "one"', "two")
    with pytest.raises(ProfileError, match="circle"):
        profile.load(path)


def test_a_route_names_results_that_are_there(tmp_path):
    route = '[routes.A]\nname = "A"\nsource = "a test"\nconfidence = "C"\nresults = ["NONE"]\n'
    with pytest.raises(ProfileError, match=r"routes\.A\.results: NONE is not there"):
        profile.load(_written(tmp_path, SMALL + route))


def test_the_schema_for_editors_is_not_stale():
    shipped = profile.shipped_directory() / "profile.schema.json"
    assert json.loads(shipped.read_text(encoding="utf-8")) == editors.json_schema()


@pytest.mark.parametrize("name", profile.shipped())
def test_the_shipped_packs_keep_the_schema_for_editors(name):
    jsonschema = pytest.importorskip("jsonschema")
    text = (profile.shipped_directory() / f"{name}.toml").read_text(encoding="utf-8")
    pack = json.loads(json.dumps(tomllib.loads(text), default=str))
    assert not list(jsonschema.Draft202012Validator(editors.json_schema()).iter_errors(pack))


def test_editors_are_told_the_measures_and_nothing_that_is_filled_in():
    schema = editors.json_schema()
    assert "unauthorised_absence" in schema["$defs"]["Condition"]["properties"]["measure"]["enum"]
    assert "origin" not in schema["$defs"]["Criterion"]["properties"]
    assert "required" not in schema["$defs"]["PartCriterion"]
