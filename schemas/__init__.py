"""What every table must look like: the feed tables that are read, the tables that are published, and their words.

Imports nothing of ours. The pipeline, the tests and the generated documentation all read these models.
"""
