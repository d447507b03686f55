"""Keep why the city says no in its answer to a proposal, as for complaints.

Revision: 0031_proposal_reasons, after 0030_open311; made 2026-11-27 10:25:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0031_proposal_reasons"
down_revision = "0030_open311"
branch_labels = None
depends_on = None

NAME = "ck_proposal_answer_reason_for_a_no"
RULE = "reason_code = '' OR (outcome IS NOT NULL AND outcome IN ('declined', 'not-ours'))"


def upgrade() -> None:
    with op.batch_alter_table("proposal_answer") as batch:
        batch.add_column(sa.Column("reason_code", sa.String(length=60), nullable=False, server_default=""))
        batch.add_column(sa.Column("reason_text", cps.core.db.Json, nullable=False, server_default="{}"))
        batch.create_check_constraint(op.f(NAME), RULE)
    schema.set_level(op.get_bind(), 31, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 30, oldest_code=1)
    with op.batch_alter_table("proposal_answer") as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.drop_column("reason_text")
        batch.drop_column("reason_code")
