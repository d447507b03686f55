"""Rules of proposals: goals, ranking, answers, delivery, discussion; no Flask, no database."""
