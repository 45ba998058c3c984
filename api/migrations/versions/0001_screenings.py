"""Screenings, kept as they were answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table of screenings; SQLite refuses changes to its rows."""
    op.create_table(
        "screening",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("as_of", sa.String(10), nullable=False),
        sa.Column("release", sa.String(80), nullable=False),
        sa.Column("conclusion", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("explanations", sa.Text(), nullable=False),
    )
    for column in ("created_at", "release", "conclusion"):
        op.create_index(f"ix_screening_{column}", "screening", [column])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER screening_no_{act.lower()} BEFORE {act} ON screening "
                "BEGIN SELECT RAISE(ABORT, 'screenings are never changed'); END"
            )


def downgrade() -> None:
    """Drop the table with its indexes and triggers."""
    op.drop_table("screening")
