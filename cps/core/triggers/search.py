"""The search index over cases, and what keeps it in step on SQLite; PostgreSQL computes its own column."""

from cps.core.triggers.trigger import Trigger

TRIGGERS = (
    Trigger(
        "cases_search_insert",
        "cases",
        sqlite="""CREATE TRIGGER cases_search_insert AFTER INSERT ON cases
BEGIN INSERT INTO case_search(rowid, search_text) VALUES (NEW.id, NEW.search_text); END""",
        postgresql="",
    ),
    Trigger(
        "cases_search_delete",
        "cases",
        sqlite="""CREATE TRIGGER cases_search_delete AFTER DELETE ON cases
BEGIN
  INSERT INTO case_search(case_search, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text);
END""",
        postgresql="",
    ),
    Trigger(
        "cases_search_update",
        "cases",
        sqlite="""CREATE TRIGGER cases_search_update AFTER UPDATE OF search_text ON cases
BEGIN
  INSERT INTO case_search(case_search, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text);
  INSERT INTO case_search(rowid, search_text) VALUES (NEW.id, NEW.search_text);
END""",
        postgresql="",
    ),
)

INDEXES = {
    "sqlite": (
        """
CREATE VIRTUAL TABLE IF NOT EXISTS case_search USING fts5(
  search_text, content='cases', content_rowid='id',
  tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
)
""",
    ),
    "postgresql": (
        """
ALTER TABLE cases ADD COLUMN IF NOT EXISTS search_vector tsvector
GENERATED ALWAYS AS (array_to_tsvector(array_remove(string_to_array(search_text, ' '), ''))) STORED
""",
        "CREATE INDEX IF NOT EXISTS ix_cases_search ON cases USING gin (search_vector)",
    ),
}
