"""6. No column, index or key of ballots refers to a person, account, session, address or time."""

import pytest
from flask import Flask
from sqlalchemy import CHAR, LargeBinary, String, inspect, text
from sqlalchemy.types import Date, DateTime, Time

from cps.core.db import db

BALLOTS: dict[str, set[str]] = {
    "ballot_inbox": {"handle", "poll_id", "body"},
    "ballot_spent": {"handle", "poll_id"},
    "ballot_box": {"leaf", "poll_id", "body"},
    "ledger_leaf": {"poll_id", "seq", "leaf", "batch_no"},
    "published_ballot": {"poll_id", "code_sha256", "leaf", "choice"},
}
"""Every table that has a row for a ballot, and all its columns."""

VOTERS: dict[str, set[str]] = {
    "voter_roll": {"poll_id", "tag", "cell", "on_paper"},
    "poll_listed": {"poll_id", "tag"},
    "counter_pass": {"token_hash", "poll_id", "tag", "cell", "expires_at"},
}
"""Every table that has a row for a voter; only a pass, which is no vote, lapses at a time."""

KEYS = {
    "ballot_inbox": ["handle"],
    "ballot_spent": ["handle"],
    "ballot_box": ["leaf"],
    "ledger_leaf": ["poll_id", "seq"],
    "published_ballot": ["poll_id", "code_sha256"],
    "voter_roll": ["poll_id", "tag"],
    "poll_listed": ["poll_id", "tag"],
    "counter_pass": ["token_hash"],
}
TABLES = {**BALLOTS, **VOTERS}
IN_COMMON = {"poll_id"}


@pytest.mark.parametrize("table", TABLES)
def test_models_and_live_tables_have_exactly_the_columns_that_are_allowed(app: Flask, table: str) -> None:
    live = {column["name"]: column["type"] for column in inspect(db.engine).get_columns(table)}
    times = {name for name, kind in live.items() if isinstance(kind, Date | DateTime | Time)}

    assert {*live} == TABLES[table]
    assert {column.name for column in db.metadata.tables[table].columns} == TABLES[table]
    assert times == TABLES[table] & {"expires_at"}


@pytest.mark.parametrize("table", TABLES)
def test_keys_and_indexes_are_over_these_columns_and_refer_to_the_poll_alone(app: Flask, table: str) -> None:
    live = inspect(db.engine)
    foreign = [(key["constrained_columns"], key["referred_table"]) for key in live.get_foreign_keys(table)]
    indexed = [column for index in live.get_indexes(table) for column in index["column_names"]]
    unique = [column for one in live.get_unique_constraints(table) for column in one["column_names"]]

    assert foreign == [(["poll_id"], "poll")]
    assert live.get_pk_constraint(table)["constrained_columns"] == KEYS[table]
    assert {*indexed, *unique} <= {"poll_id", "leaf", "expires_at"} & TABLES[table]


def test_counts_of_a_live_poll_are_one_row_for_all_ballots_without_a_time(app: Flask) -> None:
    table = db.metadata.tables["live_count"]
    standing = inspect(db.engine)

    assert {column["name"] for column in standing.get_columns("live_count")} == {*table.columns.keys()}
    assert {*table.columns.keys()} == {"poll_id", "batch_no", "size", "blank", "counts"}
    assert standing.get_pk_constraint("live_count")["constrained_columns"] == ["poll_id"]
    assert [key["referred_table"] for key in standing.get_foreign_keys("live_count")] == ["poll"]
    assert standing.get_indexes("live_count") == []


def test_no_table_refers_to_a_ballot_or_a_voter(app: Flask) -> None:
    live = inspect(db.engine)
    referred = {
        key["referred_table"] for table in live.get_table_names() for key in live.get_foreign_keys(table)
    }

    assert not referred & {*TABLES}


def test_voters_and_ballots_have_nothing_in_common_but_the_poll() -> None:
    for voters in VOTERS.values():
        for ballots in BALLOTS.values():
            assert voters & ballots <= IN_COMMON


def test_what_is_kept_of_a_ballot_has_room_for_a_hash_or_a_sealed_body_only(app: Flask) -> None:
    for table in BALLOTS:
        for column in db.metadata.tables[table].columns:
            if column.name in {"handle", "leaf", "code_sha256"}:
                assert isinstance(column.type, String | CHAR)
                assert column.type.length == 64
            if column.name == "body":
                assert isinstance(column.type, LargeBinary)


@pytest.mark.parametrize("table", TABLES)
def test_on_sqlite_no_table_of_voters_or_ballots_numbers_its_rows(app: Flask, table: str) -> None:
    """PostgreSQL always has row places; sentence 7 is tried with them."""
    if db.engine.dialect.name == "sqlite":
        found = db.session.execute(text("SELECT wr FROM pragma_table_list WHERE name = :n"), {"n": table})
        assert found.scalar_one() == 1
    assert db.metadata.tables[table].dialect_options["sqlite"]["with_rowid"] is False


def test_triggers_of_votes_write_nothing(app: Flask) -> None:
    """A trigger that kept a trace beside a ballot would be a link that no column shows."""
    query = {
        "sqlite": "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT event_object_table, action_statement FROM information_schema.triggers",
    }[db.engine.dialect.name]
    found = [(table, sql) for table, sql in db.session.execute(text(query)) if table in TABLES]

    assert found
    refusals = {f"EXECUTE FUNCTION {name}()" for name in ("cps_refuse", "cps_refuse_when_frozen")}
    assert all("RAISE(ABORT" in sql or sql in refusals for _table, sql in found)
    assert not any("INSERT INTO" in sql.upper() for _table, sql in found)
