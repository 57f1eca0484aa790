"""What `hearth run` says of the list: every family that was on it the month before is accounted for."""

from pipelines.commands.summary import show_summary
from reports.month_summary import MonthSummary


def test_what_became_of_every_family_of_the_list_is_said_in_words(capsys):
    counts = {"records": 9, "people": 8, "households": 7, "families": 6, "identified": 4}
    changes = {"new": 1, "same": 3, "left": 2, "joined": 2, "gone": 1}
    show_summary(MonthSummary("2026-10", "demo", {"used": 1}, (), (), {}, counts, changes, {**counts, "identified": 8}))
    told = " ".join(capsys.readouterr().out.split())
    assert "Identified 4 families on the list (8 the month before)" in told
    assert (
        "Changes 1 new, 3 already on the list, 2 left the list, 2 joined another family, 1 no longer seen as a family"
        in told
    )
