"""`hearth evaluate` on a small published month: against a truth, by two readings, by labels."""

import stat

import pandas as pd
import pytest
from typer.testing import CliRunner

from assets.snapshots import write
from assets.store import Store
from pipelines.cli import app
from schemas.frames import conform, empty
from schemas.registry import PUBLISHED_TABLES

RUN = CliRunner()
MONTH = "2026-10"
PEOPLE = 60
# Person 0's records were not joined; persons 1 and 2 were taken for one.
MISSED, FALSE = 0, (1, 2)


def record(feed, table, number, **said):
    return {"feed": feed, "table_name": table, "source_id": f"{feed[0].upper()}{number}", **said}


def records():
    return [
        record(
            feed,
            table,
            number,
            forename=f"Forename{number}",
            date_of_birth="2014-03-02",
            sex="FM"[number % 2],
            address_withheld=False,
            fingerprint="f",
            person_id=f"p{FALSE[0] if number in FALSE else number}{'x' if number == MISSED and feed == 'mash' else ''}",
            basis="model",
        )
        for number in range(PEOPLE)
        for feed, table in (("school", "pupils"), ("mash", "people"))
    ]


def link(left, right, weight, decision):
    places = {
        f"{side}_{part}": one[name]
        for side, one in (("left", left), ("right", right))
        for part, name in (("feed", "feed"), ("table", "table_name"), ("id", "source_id"))
    }
    return {**places, "weight": weight, "decision": decision, "decided_by": "model", "levels": "{}"}


def table(name, rows):
    model = PUBLISHED_TABLES[name]
    frame = pd.DataFrame(rows)
    return conform(frame.reindex(columns=empty(model).columns), model)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = Store(tmp_path / "store")
    rows = records()
    pairs = [
        link(rows[2 * number], rows[2 * number + 1], 1.0 if number else -1.0, "same" if number else "different")
        for number in range(PEOPLE)
    ]
    pairs.append(link(rows[2 * FALSE[0]], rows[2 * FALSE[1]], 1.5, "same"))
    for name, table_rows in (("person_records", rows), ("record_details", rows), ("links", pairs)):
        write(made, made.work_file(MONTH), name, table(name, table_rows))
    made.publish(MONTH)
    return made


def said(result):
    return " ".join(result.output.split())


def readings(store, *, change=None):
    """Two sheets filled in by readers who know: the children's names are their numbers."""
    drawn = RUN.invoke(app, ["evaluate", "draw", "--size", "400", "--store", str(store.root)])
    assert drawn.exit_code == 0, drawn.output
    filled = pd.read_csv(store.samples / f"{MONTH}.csv", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    same = filled["left_forename"] == filled["right_forename"]
    filled["reading"] = same.map({True: "same", False: "different"})
    filled.to_csv("first.csv", index=False)
    if change:
        change(filled)
    filled.to_csv("second.csv", index=False)
    return RUN.invoke(app, ["evaluate", "read", "first.csv", "second.csv", "--store", str(store.root)])


def test_two_readings_tell_the_misses_first_then_precision_and_recall(store):
    result = readings(store)
    assert result.exit_code == 0, result.output
    told = said(result)
    assert told.index("Missed: one person, not joined: 1 pairs") < told.index("Falsely joined: two people: 1 pairs")
    assert 'hearth explain "school|pupils|S0" "mash|people|M0"' in told
    assert "61 pairs read twice: 61 settled, 0 disputed, 0 of which" in told
    assert "precision 0.9833" in told
    assert "recall 0.9833" in told
    assert "(kappa) 1.000" in told
    assert "Forename" not in told


def test_readers_who_cannot_tell_say_nothing_of_precision(store):
    readings(store)
    for name in ("first.csv", "second.csv"):
        pd.read_csv(name).assign(reading="cannot tell").to_csv(name, index=False)
    result = RUN.invoke(app, ["evaluate", "read", "first.csv", "second.csv", "--store", str(store.root)])
    assert result.exit_code == 0, result.output
    assert "61 of which a reader cannot tell" in said(result)
    assert "precision no pair says" in said(result)


def test_one_sheet_given_twice_is_not_two_readings(store):
    readings(store)
    result = RUN.invoke(app, ["evaluate", "read", "first.csv", "./first.csv", "--store", str(store.root)])
    assert result.exit_code == 1
    assert "two people are to read" in result.stderr


def test_a_sample_is_for_its_owner_alone_and_is_never_written_over(store):
    drawing = ["evaluate", "draw", "--store", str(store.root), "--size", "20"]
    assert RUN.invoke(app, drawing).exit_code == 0
    files = sorted(store.samples.iterdir())
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]
    assert stat.S_IMODE(store.samples.stat().st_mode) == 0o700
    again = RUN.invoke(app, drawing)
    assert again.exit_code == 1
    assert "may hold readings" in again.stderr


def test_the_same_seed_draws_the_same_sheet(store):
    for name, seed in (("a.csv", "5"), ("b.csv", "5"), ("c.csv", "6")):
        words = ["evaluate", "draw", "--size", "30", "--seed", seed, "--out", name, "--store", str(store.root)]
        assert RUN.invoke(app, words).exit_code == 0
    one, again, other = ((store.root.parent / name).read_bytes() for name in ("a.csv", "b.csv", "c.csv"))
    assert one == again
    assert one != other


def test_a_word_that_is_no_reading_is_refused_and_not_repeated(store):
    result = readings(store, change=lambda filled: filled.__setitem__("reading", "surely Forename7"))
    assert result.exit_code == 1
    assert "other than same, different, cannot tell" in result.stderr
    assert "Forename7" not in result.output


def test_a_sheet_of_other_pairs_is_refused(store):
    result = readings(store, change=lambda filled: filled.__setitem__("pair", "s00000000-0001"))
    assert result.exit_code == 1
    assert "of no pair of this sample" in result.stderr


def test_labels_are_held_against_the_month(store):
    rows = ["school,pupils,S0,mash,people,M0,same", "school,pupils,S1,school,pupils,S2,different"]
    rows += [f"school,pupils,S{n},mash,people,M{n},same" for n in range(3, 6)]
    rows += ["school,pupils,GONE,mash,people,M7,same"]
    columns = "left_feed,left_table,left_id,right_feed,right_table,right_id,label"
    (store.root.parent / "labels.csv").write_text("\n".join([columns, *rows]))
    result = RUN.invoke(app, ["evaluate", "labels", "labels.csv", "--store", str(store.root)])
    assert result.exit_code == 0, result.output
    assert "5 labelled pairs; 1 more are of records that the month lacks" in said(result)
    assert "precision 0.7500" in said(result)
    assert "recall 0.7500" in said(result)


def test_against_a_truth_a_group_served_worse_is_warned_of(store):
    truth = store.root.parent / "truth"
    truth.mkdir()
    known = pd.DataFrame(records())
    # Of the girls a third are, in truth, somebody whom the month holds as two.
    number = known["source_id"].str[1:].astype(int)
    known["true_person_id"] = number.where(number % 6 != 0, -1).astype(str)
    known.assign(month=MONTH).to_parquet(truth / "person_records.parquet")
    homes = {"true_person_id": ["1"], "true_household_id": ["h"], "from_on": ["2020-01-01"], "to_on": [None]}
    pd.DataFrame(homes).to_parquet(truth / "residence.parquet")
    families = {"month": [MONTH], "true_family_id": ["f"], "true_person_id": ["1"], "role": ["child"]}
    pd.DataFrame(families).to_parquet(truth / "families.parquet")
    result = RUN.invoke(app, ["evaluate", "--truth", "truth", "--store", str(store.root)])
    assert result.exit_code == 0, result.output
    assert "WARNING: sex F is missed more often than the others" in said(result)
    assert "WARNING: sex M" not in said(result)


def test_without_a_truth_the_other_ways_are_named(store):
    result = RUN.invoke(app, ["evaluate", "--store", str(store.root)])
    assert result.exit_code == 1
    assert "draw, read or labels" in result.stderr


def test_a_flag_before_the_word_is_refused_for_it_would_count_for_nothing(store):
    result = RUN.invoke(app, ["evaluate", "--store", str(store.root), "draw"])
    assert result.exit_code == 1
    assert "after the word" in result.stderr
    assert not list(store.samples.iterdir())
