"""A synthetic council: a town and its people, the agencies that know a part of them, and the sealed truth.

Nothing here knows how records are matched; a generator that did would mark its own homework.
"""
