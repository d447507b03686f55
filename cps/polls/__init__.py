"""Polls: from a draft to a result that anybody can recount.

    models · queries · services · views    as in every feature; `manage` is the administrators' side
    specification · soundness · canonical  what is frozen at the opening, and the bytes that are hashed
    ballot · receipt · seal · carried      one vote, from the marks on a page to the sealed ballot
    keys · key_files · key_ring · copies   the keys of a poll, their files, their second copy
    tree · heads                           the ledger and its signed heads
    tally · eligibility · turnout          the count, who may vote, who did
    bundle · verify · pabulib · preflib    what is published; verify.py runs alone and shares no code
    presenting · story · explaining        a poll as its pages show it, what happened to it, what it promises
    outcome · outcome_words · result_tables · so_far
                                           its result in words and tables, and the counts of a live poll
    working · handlers · commands          what the worker does, when, and what is done by hand

How these fit together stands in `docs/polls.md`, what is published in `docs/recounting.md`.
"""
