"""Every route of the desk in one table: path, name, page, and the permission without which it does not open."""

from desk.access import Permission
from desk.pages import decisions, home, review, review_groups, reviews, signing_in
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
    # Reviews.
    Way("/reviews", "reviews", reviews.show, Permission.SEE_REVIEWS, menu="Reviews"),
    Way("/reviews/decisions", "decisions", decisions.show_all, Permission.SEE_REVIEWS),
    Way("/reviews/decisions/{kind}/{sequence:int}", "decision", decisions.show, Permission.SEE_REVIEWS),
    Way("/reviews/decisions/{kind}/{sequence:int}", "undo_decision", decisions.undo, Permission.DECIDE_REVIEWS, "POST"),
    Way("/reviews/{review_id}", "review", review.show, Permission.SEE_REVIEWS),
    Way("/reviews/{review_id}", "decide_review", review.decide, Permission.DECIDE_REVIEWS, "POST"),
    Way("/reviews/{review_id}/group", "review_group", review_groups.show, Permission.DECIDE_REVIEWS),
    Way("/reviews/{review_id}/group", "decide_group", review_groups.decide, Permission.DECIDE_REVIEWS, "POST"),
)
