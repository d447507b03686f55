"""What may not change once a poll is open: its specification, the roll, the box, the ledger, its heads."""

from cps.core.triggers.trigger import Trigger, refuse

FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION cps_refuse_when_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM poll WHERE spec_sha256 <> ''
             AND (TG_OP <> 'DELETE' AND id = NEW.poll_id OR TG_OP <> 'INSERT' AND id = OLD.poll_id)) THEN
    RAISE EXCEPTION '% of % of an opened poll is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$
""",
    """
CREATE OR REPLACE FUNCTION cps_refuse_other_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.closes_at < OLD.closes_at OR NOT EXISTS (
      SELECT 1 FROM poll_extension WHERE poll_id = NEW.id AND closes_at = NEW.closes_at) THEN
    RAISE EXCEPTION 'another end of an opened poll without an extension is refused'
    USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
""",
)

_FROZEN = (
    "id", "slug", "spec_json", "spec_sha256", "opens_at", "eligible",
    "question", "explanation", "method", "most", "budget", "option_order",
    "key", "verified_before", "ward_codes", "age_from", "age_to", "is_listed", "is_declared", "age_bands",
    "results", "lines", "is_sensitive", "tie", "draw_text", "objection_days", "decision_days", "witnesses",
)  # fmt: skip
"""Columns of a poll that stand for ever once it is open: the specification, and what it was made from."""


def _any_changed(columns: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in columns)


def _frozen(table: str, operation: str) -> Trigger:
    """Refuse an operation on rows of a table that belong to an opened poll."""
    name = f"{table}_frozen_{operation.lower()}"
    row = {"INSERT": "NEW.poll_id", "DELETE": "OLD.poll_id"}.get(operation, "NEW.poll_id, OLD.poll_id")
    return Trigger(
        name,
        table,
        sqlite=f"""CREATE TRIGGER {name} BEFORE {operation} ON {table}
WHEN EXISTS (SELECT 1 FROM poll WHERE id IN ({row}) AND spec_sha256 <> '')
BEGIN SELECT RAISE(ABORT, '{operation} of {table} of an opened poll is refused'); END""",  # noqa: S608 - no input
        postgresql=f"CREATE TRIGGER {name} BEFORE {operation} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION cps_refuse_when_frozen()",
    )


TRIGGERS = (
    *(
        refuse(table, operation)
        for table in (
            "poll_extension",
            "poll_event",
            "voter_roll",
            "ballot_box",
            "ledger_leaf",
            "tree_head",
            "published_ballot",
        )
        for operation in ("UPDATE", "DELETE")
    ),
    refuse("ballot_inbox", "UPDATE"),
    refuse("ballot_spent", "UPDATE"),
    refuse("ballot_spent", "DELETE"),
    *(
        _frozen(table, operation)
        for table in ("poll_option", "poll_listed")
        for operation in ("INSERT", "UPDATE", "DELETE")
    ),
    Trigger(
        "poll_option_no_truncate",
        "poll_option",
        sqlite="",  # has no TRUNCATE
        postgresql="CREATE TRIGGER poll_option_no_truncate BEFORE TRUNCATE ON poll_option "
        "FOR EACH STATEMENT EXECUTE FUNCTION cps_refuse()",
    ),
    Trigger(
        "poll_frozen",
        "poll",
        sqlite=f"""CREATE TRIGGER poll_frozen BEFORE UPDATE ON poll
WHEN OLD.spec_sha256 <> '' AND ({_any_changed(_FROZEN, "IS NOT")})
BEGIN SELECT RAISE(ABORT, 'UPDATE of an opened poll is refused'); END""",
        postgresql=f"""CREATE TRIGGER poll_frozen BEFORE UPDATE ON poll FOR EACH ROW
WHEN (OLD.spec_sha256 <> '' AND ({_any_changed(_FROZEN, "IS DISTINCT FROM")}))
EXECUTE FUNCTION cps_refuse()""",
    ),
    Trigger(
        "poll_end",
        "poll",
        sqlite="""CREATE TRIGGER poll_end BEFORE UPDATE OF closes_at ON poll
WHEN OLD.spec_sha256 <> '' AND NEW.closes_at IS NOT OLD.closes_at AND (
  NEW.closes_at IS NULL OR NEW.closes_at < OLD.closes_at OR NOT EXISTS (
    SELECT 1 FROM poll_extension WHERE poll_id = NEW.id AND closes_at = NEW.closes_at))
BEGIN SELECT RAISE(ABORT, 'another end of an opened poll without an extension is refused'); END""",
        postgresql="""CREATE TRIGGER poll_end BEFORE UPDATE OF closes_at ON poll FOR EACH ROW
WHEN (OLD.spec_sha256 <> '' AND NEW.closes_at IS DISTINCT FROM OLD.closes_at)
EXECUTE FUNCTION cps_refuse_other_end()""",
    ),
    Trigger(
        "poll_kept",
        "poll",
        sqlite="""CREATE TRIGGER poll_kept BEFORE DELETE ON poll WHEN OLD.spec_sha256 <> ''
BEGIN SELECT RAISE(ABORT, 'DELETE of an opened poll is refused'); END""",
        postgresql="""CREATE TRIGGER poll_kept BEFORE DELETE ON poll FOR EACH ROW
WHEN (OLD.spec_sha256 <> '') EXECUTE FUNCTION cps_refuse()""",
    ),
)
