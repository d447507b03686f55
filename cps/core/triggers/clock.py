"""A due date moves only with its row in `due_change`, and a promise that runs stays as it was made."""

from cps.core.triggers.trigger import Trigger, refuse

FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION cps_refuse_other_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM due_change WHERE case_id = NEW.id
                 AND before = OLD.due_at AND after = NEW.due_at) THEN
    RAISE EXCEPTION 'another due date without its reason is refused'
    USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
""",
)

TRIGGERS = (
    refuse("due_change", "UPDATE"),
    refuse("work_suspension", "UPDATE"),
    refuse("work_suspension", "DELETE"),
    Trigger(
        "cases_due_moves_by_rule",
        "cases",
        sqlite="""CREATE TRIGGER cases_due_moves_by_rule BEFORE UPDATE OF due_at ON cases
WHEN OLD.clock_started_at IS NOT NULL AND NEW.due_at IS NOT OLD.due_at AND NOT EXISTS (
  SELECT 1 FROM due_change WHERE case_id = NEW.id AND before = OLD.due_at AND after = NEW.due_at)
BEGIN SELECT RAISE(ABORT, 'another due date without its reason is refused'); END""",
        postgresql="""CREATE TRIGGER cases_due_moves_by_rule BEFORE UPDATE OF due_at ON cases FOR EACH ROW
WHEN (OLD.clock_started_at IS NOT NULL AND NEW.due_at IS DISTINCT FROM OLD.due_at)
EXECUTE FUNCTION cps_refuse_other_due()""",
        needs=("due_change",),
    ),
    Trigger(
        "cases_promise_stays",
        "cases",
        sqlite="""CREATE TRIGGER cases_promise_stays BEFORE UPDATE OF promised_at, clock_started_at ON cases
WHEN OLD.clock_started_at IS NOT NULL AND (
  NEW.promised_at IS NOT OLD.promised_at OR NEW.clock_started_at IS NOT OLD.clock_started_at)
BEGIN SELECT RAISE(ABORT, 'another promise is refused'); END""",
        postgresql="""CREATE TRIGGER cases_promise_stays BEFORE UPDATE
OF promised_at, clock_started_at ON cases FOR EACH ROW WHEN (OLD.clock_started_at IS NOT NULL AND (
  NEW.promised_at IS DISTINCT FROM OLD.promised_at
  OR NEW.clock_started_at IS DISTINCT FROM OLD.clock_started_at))
EXECUTE FUNCTION cps_refuse()""",
        needs=("due_change",),
    ),
)
