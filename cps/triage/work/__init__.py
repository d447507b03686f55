"""The desk at work: many cases at once, undo, who has a case open, what supervisors look at."""
