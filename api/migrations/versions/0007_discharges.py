"""What is declared of a case's discharges: rows that are only added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.migrations.immutable import never_changed, no_replacing

revision = "0007"
down_revision = "0006"

_NEVER = "declarations are never changed"


def upgrade() -> None:
    """Create the table; the database itself refuses to change or remove a declaration."""
    op.create_table(
        "case_discharge",
        sa.Column("case_id", sa.String(16), sa.ForeignKey("approval_case.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.Column("medium", sa.String(10), nullable=False),
        sa.Column("outlet_name", sa.String(80), nullable=False),
        sa.Column("declared", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(24), nullable=False),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    never_changed("case_discharge", _NEVER)
    no_replacing("case_discharge", ("case_id", "position"), _NEVER)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("case_discharge")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION case_discharge_never()")
