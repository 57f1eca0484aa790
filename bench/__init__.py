"""Hearth's person matching beside Splink 5's, in one run. Not part of the product; `make bench` runs it.

Each engine runs in a process of its own, turn by turn, so that neither warms the machine for the other and peak memory
is its own. Splink is given what its documentation recommends and, besides, the threshold that serves it best on the
truth; Hearth has one fixed threshold for all sets.
"""
