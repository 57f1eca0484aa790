"""What people decide, kept for good: who, when and why. No web, no rules of the programme.

Open it, and do everything within a transaction (`docs/casebook.md` tells every function):

    casebook = open_casebook(url)                     # casebook.opening
    with casebook.begin() as connection:              # writes; casebook.reading() only reads
        signature = Signature.now(user.user_id)       # casebook.signature
        audit.record(connection, FamilyViewed(family_id, month), signature)
"""
