"""Every change of what a map shows is noted in the transaction that makes it, whoever makes it and however.

A case stands on the map while it has a place, is neither private nor hidden and is no draft. One that comes
adds a row to `map_change` with ones, one that goes a row with minus ones, one that changes adds both. Sums
are in millionths of a degree, whole numbers, so that counting again gives exactly the same.
"""

from cps.core.triggers.trigger import Trigger

WAITING = ("received", "triaged", "reopen-asked", "answer-due")
IN_HAND = ("in-progress", "waiting-resident", "waiting-others", "planned", "gathering")
DONE = ("closed", "answered", "in-delivery", "delivered", "expired", "withdrawn")
"""Statuses by colour, as `cps.cases.rules` has them; a test compares. Drafts are on no map."""

_WATCHED = (
    *("kind", "category_id", "ward_id", "status", "lat", "lon", "cell_x", "cell_y"),
    *("is_private", "is_hidden"),
)
_COLUMNS = "kind, category_id, ward_id, x, y, waiting, in_hand, done, lat_e6, lon_e6"


def _note(row: str, sign: int) -> str:
    """Return the statement that notes a row of `cases` with a sign, if it stands on the map."""

    def one_if(statuses: tuple[str, ...]) -> str:
        listed = ", ".join(f"'{status}'" for status in statuses)
        return f"CASE WHEN {row}.status IN ({listed}) THEN {sign} ELSE 0 END"

    def millionths(column: str) -> str:
        return f"{sign} * CAST(ROUND({row}.{column} * 1000000) AS BIGINT)"

    return f"""INSERT INTO map_change ({_COLUMNS})
  SELECT {row}.kind, {row}.category_id, COALESCE({row}.ward_id, 0), {row}.cell_x, {row}.cell_y,
    {one_if(WAITING)}, {one_if(IN_HAND)}, {one_if(DONE)}, {millionths("lat")}, {millionths("lon")}
  WHERE {row}.lat IS NOT NULL AND {row}.cell_x IS NOT NULL AND {row}.status <> 'draft'
    AND NOT {row}.is_private AND NOT {row}.is_hidden;"""


_CHANGED = {
    "sqlite": " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _WATCHED),
    "postgresql": " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _WATCHED),
}

FUNCTIONS = (
    f"""
CREATE OR REPLACE FUNCTION cps_note_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
  {_note("OLD", -1)}
  END IF;
  IF TG_OP <> 'DELETE' THEN
  {_note("NEW", 1)}
  END IF;
  RETURN NULL;
END $$
""",
)


def _trigger(operation: str, *statements: str) -> Trigger:
    name = f"cases_map_{operation.lower()}"
    of = f" OF {', '.join(_WATCHED)}" if operation == "UPDATE" else ""

    def only_if(dialect: str) -> str:
        return f"WHEN ({_CHANGED[dialect]})\n" if operation == "UPDATE" else ""

    return Trigger(
        name,
        "cases",
        sqlite=f"CREATE TRIGGER {name} AFTER {operation}{of} ON cases\n{only_if('sqlite')}BEGIN\n"
        + "\n".join(f"  {statement}" for statement in statements)
        + "\nEND",
        postgresql=f"CREATE TRIGGER {name} AFTER {operation}{of} ON cases FOR EACH ROW\n"
        f"{only_if('postgresql')}EXECUTE FUNCTION cps_note_place()",
        needs=("map_change",),
    )


TRIGGERS = (
    _trigger("INSERT", _note("NEW", 1)),
    _trigger("UPDATE", _note("OLD", -1), _note("NEW", 1)),
    _trigger("DELETE", _note("OLD", -1)),
)
