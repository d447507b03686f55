"""The audit is append-only; only the worker adds its hash, once."""

from cps.core.triggers.trigger import Trigger, refuse

_SAME_AUDIT = " AND ".join(
    f"NEW.{column} {{same}} OLD.{column}"
    for column in ("id", "at", "actor_id", "action", "object_kind", "object_id")
)

_ONLY_CHAINED = "OLD.chain_hash IS NULL AND {same} AND NEW.changes {operator} OLD.changes"

TRIGGERS = (
    refuse("audit", "DELETE"),
    Trigger(
        "audit_no_update",
        "audit",
        sqlite=f"""CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
WHEN NOT ({_ONLY_CHAINED.format(same=_SAME_AUDIT.format(same="IS"), operator="IS")})
BEGIN SELECT RAISE(ABORT, 'UPDATE of audit is refused'); END""",
        postgresql=f"""CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW
WHEN (NOT ({
            _ONLY_CHAINED.format(
                same=_SAME_AUDIT.format(same="IS NOT DISTINCT FROM"), operator="IS NOT DISTINCT FROM"
            )
        }))
EXECUTE FUNCTION cps_refuse()""",
    ),
)
