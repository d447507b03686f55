"""Polls as administrators run them, from the draft to the final result; laid out as a feature is.

`overview.py` says where a poll stands and what waits, `views` are the pages, `forms` what is typed in them,
`wording.py` the words that only administrators read.
"""
