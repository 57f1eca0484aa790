"""The evidence pack as a PDF: made of every part of the pack, with gaps in it."""

import pytest

from reports.evidence_pack import as_pdf

ROW = {"feed": "police", "table": "occurrences", "source_id": "O1|N1", "line": 7, "file_sha256": "ab" * 32}
PACK = {
    "claim": {
        "claim_id": "C1",
        "family_id": "f1",
        "route": "result",
        "amount_gbp": 800,
        "window": "2026-27 Q3",
        "status": "eligible",
        "warning": None,
    },
    "decisions": [{"status": "checked", "decided_by": "someone", "decided_on": "2026-11-05"}],
    "family": [{"person_id": "p1", "role": "child", "basis": "school says lives with pupil"}],
    "attachments": [{"attached_on": "2026-01-15", "agency": None, "key_worker": None, "consent": "given"}],
    "programme": {"name": "demo", "version": "1", "sha256": "cd" * 32},
    "results": [
        {
            "outcome_id": "R1",
            "state": "met",
            "is_claimed": True,
            "baseline": 3.0,
            "latest": None,
            "change": None,
            "window_from": None,
            "window_to": "2026-10-31",
            "rule": ["each need stays away"],
            "evidence": [ROW, {"more": 4}],
        }
    ],
    "needs": [
        {
            "criterion_id": "N1",
            "measure": "incidents",
            "value": 2.0,
            "operator": ">=",
            "threshold": 1.0,
            "window_from": "2025-11-01",
            "window_to": "2026-10-31",
            "feed": "police",
            "extract_on": None,
            "evidence": [ROW],
        }
    ],
    "files": [
        {
            "feed": "police",
            "table_name": "occurrences",
            "received_for": "2026-10",
            "extract_on": None,
            "rows": 9,
            "sha256": "ab" * 32,
        }
    ],
    "identity": {
        "records": [
            {"feed": "police", "table_name": "nominals", "source_id": "N1", "person_id": "p1", "basis": "model"}
        ],
        "links": [],
        "decided": {
            "pairs": [
                {
                    **{f"{side}_feed": "police" for side in ("left", "right")},
                    **{f"{side}_table": "nominals" for side in ("left", "right")},
                    "left_id": "N1",
                    "right_id": "N2",
                    "decision": "same",
                    "decided_by": "someone",
                    "decided_on": "2026-10-05",
                }
            ],
            "homes": [
                {"left_person_id": "p1", "right_person_id": "p2", "decision": "apart", "decided_on": "2026-10-05"}
            ],
            "members": [{"family_id": "f1", "person_id": "p1", "is_member": False, "decided_on": "2026-10-05"}],
        },
    },
    "identified": [{"is_identified": True, "first_identified": "2026-08", "reason": "3 needs met: one, two, three"}],
    "identification": ["at least 3 needs met", "a dependent child, or one expected"],
    "run": [
        {
            "month": "2026-10",
            "run_id": "r",
            "finished_at": "2026-11-05T06:00:00",
            "software_version": "0",
            "model_sha256": "ef" * 32,
        }
    ],
}


def test_a_pack_becomes_a_pdf():
    assert as_pdf(PACK).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "part", ["decisions", "family", "attachments", "identified", "results", "needs", "files", "run"]
)
def test_a_pack_that_lacks_a_part_becomes_one_too(part):
    assert as_pdf({**PACK, part: []}).startswith(b"%PDF-")
