"""${message}.

Revision: ${up_revision}, after ${down_revision | comma,n}; made ${create_date}.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
    schema.set_level(op.get_bind(), schema.LEVEL, oldest_code=1)  # write both numbers; raise schema.LEVEL
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
