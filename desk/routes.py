"""Every route of the desk in one table: path, name, page, and the permission without which it does not open."""

from desk.access import Permission
from desk.pages import (
    attaching,
    audit,
    case,
    case_steps,
    cases,
    decisions,
    export,
    families,
    family,
    home,
    key_workers,
    records,
    review,
    review_groups,
    reviews,
    signing_in,
    users,
)
from desk.pages.case_steps import asks, keeps
from desk.ways import Way

WAYS: tuple[Way, ...] = (
    # Signing in.
    Way("/sign-in", "sign_in", signing_in.ask, Permission.ANYONE),
    Way("/sign-in", "check_sign_in", signing_in.sign_in, Permission.ANYONE, "POST", limit="10/minute"),
    Way("/sign-in/council", "to_council", signing_in.to_council, Permission.ANYONE, limit="20/minute"),
    Way("/sign-in/council/return", "from_council", signing_in.from_council, Permission.ANYONE, limit="20/minute"),
    Way("/sign-out", "sign_out", signing_in.sign_out, Permission.SIGNED_IN, "POST"),
    Way("/password", "password", signing_in.password, Permission.SIGNED_IN),
    Way("/password", "change_password", signing_in.change_password, Permission.SIGNED_IN, "POST", limit="10/minute"),
    # This month.
    Way("/", "home", home.show, Permission.SIGNED_IN, menu="This month"),
    # Families.
    Way("/families", "families", families.show, Permission.SEE_FAMILIES, menu="Families"),
    Way("/families/search", "search_families", families.search, Permission.SEE_FAMILIES, "POST", limit="60/minute"),
    Way("/families/views", "save_view", families.save_view, Permission.SEE_FAMILIES, "POST"),
    Way("/families/views/{view_id}/remove", "drop_view", families.drop_view, Permission.SEE_FAMILIES, "POST"),
    Way("/families/export", "export", export.choose, Permission.EXPORT_FAMILIES),
    Way("/families/export", "take_export", export.take, Permission.EXPORT_FAMILIES, "POST", limit="20/hour"),
    Way("/families/{family_id}", "family", family.show, Permission.SEE_FAMILY),
    # Reviews.
    Way("/reviews", "reviews", reviews.show, Permission.SEE_REVIEWS, menu="Reviews"),
    Way("/reviews/decisions", "decisions", decisions.show_all, Permission.SEE_REVIEWS),
    Way("/reviews/decisions/{kind}/{sequence:int}", "decision", decisions.show, Permission.SEE_REVIEWS),
    Way("/reviews/decisions/{kind}/{sequence:int}", "undo_decision", decisions.undo, Permission.DECIDE_REVIEWS, "POST"),
    Way("/reviews/{review_id}", "review", review.show, Permission.SEE_REVIEWS),
    Way("/reviews/{review_id}", "decide_review", review.decide, Permission.DECIDE_REVIEWS, "POST"),
    Way("/reviews/{review_id}/group", "review_group", review_groups.show, Permission.DECIDE_REVIEWS),
    Way("/reviews/{review_id}/group", "decide_group", review_groups.decide, Permission.DECIDE_REVIEWS, "POST"),
    # Records.
    Way("/records", "records", records.show, Permission.SEE_RECORDS, menu="Records"),
    Way("/records/rejected/{feed}/{table}/{rule}", "rejected", records.rejected, Permission.SEE_RECORDS),
    # Access and audit.
    Way("/audit", "audit", audit.show, Permission.SEE_AUDIT, menu="Audit"),
    Way("/audit/verify", "verify_audit", audit.verify, Permission.SEE_AUDIT, "POST", limit="20/hour"),
    Way("/users", "users", users.show, Permission.MANAGE_PEOPLE, menu="Users"),
    Way("/users", "add_user", users.add, Permission.MANAGE_PEOPLE, "POST"),
    Way("/users/{user_id}/role", "change_role", users.role, Permission.MANAGE_PEOPLE, "POST"),
    Way("/users/{user_id}/disable", "disable_user", users.disable, Permission.MANAGE_PEOPLE, "POST"),
    Way("/users/{user_id}/enable", "enable_user", users.enable, Permission.MANAGE_PEOPLE, "POST"),
    Way("/users/{user_id}/password", "new_password", users.new_password, Permission.MANAGE_PEOPLE, "POST"),
    Way("/clearances", "clearances", users.clearances, Permission.GRANT_CLEARANCE, menu="Protected addresses"),
    Way("/clearances/{user_id}", "clear", users.clear, Permission.GRANT_CLEARANCE, "POST"),
    # Cases.
    Way("/cases", "cases", cases.show, Permission.SEE_CASES, menu="Cases"),
    Way("/families/{family_id}/attach", "attach", attaching.show, Permission.ATTACH_FAMILIES),
    Way("/families/{family_id}/attach", "keep_attach", attaching.attach, Permission.ATTACH_FAMILIES, "POST"),
    Way("/cases/{case_id}", "case", case.show, Permission.SEE_CASES),
    Way("/cases/{case_id}/consent", "case_consent", asks(case_steps.CONSENT), Permission.ATTACH_FAMILIES),
    Way("/cases/{case_id}/consent", "keep_case_consent", keeps(case_steps.CONSENT), Permission.ATTACH_FAMILIES, "POST"),
    Way("/cases/{case_id}/plan", "case_plan", asks(case_steps.PLAN), Permission.RECORD_PROGRESS),
    Way("/cases/{case_id}/plan", "keep_case_plan", keeps(case_steps.PLAN), Permission.RECORD_PROGRESS, "POST"),
    Way("/cases/{case_id}/hand-over", "case_hand_over", asks(case_steps.HAND_OVER), Permission.ATTACH_FAMILIES),
    Way(
        "/cases/{case_id}/hand-over",
        "keep_case_hand_over",
        keeps(case_steps.HAND_OVER),
        Permission.ATTACH_FAMILIES,
        "POST",
    ),
    Way("/cases/{case_id}/close", "case_close", asks(case_steps.CLOSE), Permission.ATTACH_FAMILIES),
    Way("/cases/{case_id}/close", "keep_case_close", keeps(case_steps.CLOSE), Permission.ATTACH_FAMILIES, "POST"),
    Way("/cases/{case_id}/activity", "case_activity", keeps(case_steps.ACTIVITY), Permission.RECORD_PROGRESS, "POST"),
    Way("/cases/{case_id}/undo/{ledger}/{sequence:int}", "case_undo", case_steps.ask_undo, Permission.RECORD_PROGRESS),
    Way(
        "/cases/{case_id}/undo/{ledger}/{sequence:int}",
        "keep_case_undo",
        case_steps.undo,
        Permission.RECORD_PROGRESS,
        "POST",
    ),
    # Key workers.
    Way("/key-workers", "key_workers", key_workers.show, Permission.SEE_CASELOADS, menu="Key workers"),
    Way("/key-workers/{worker_id}", "key_worker", key_workers.show_one, Permission.SEE_CASELOADS),
    Way("/key-workers/{worker_id}/hand-over", "hand_over_all", key_workers.ask_hand_over, Permission.ATTACH_FAMILIES),
    Way(
        "/key-workers/{worker_id}/hand-over",
        "keep_hand_over_all",
        key_workers.hand_over,
        Permission.ATTACH_FAMILIES,
        "POST",
    ),
)
