"""Batch runs and their rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "batch_run",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("finished_at", sa.String(40)),
        sa.Column("file", sa.String(255), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("as_of", sa.String(10), nullable=False),
        sa.Column("release", sa.String(80), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("wanted", sa.String(12), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("blank", sa.Integer(), nullable=False),
        sa.Column("example", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(32), nullable=False),
        sa.Column("heartbeat", sa.Float(), nullable=False),
        sa.Column("problem", sa.Text()),
    )
    for column in ("owner", "created_at", "state"):
        op.create_index(f"ix_batch_run_{column}", "batch_run", [column])
    op.create_table(
        "batch_run_line",
        sa.Column("run", sa.String(32), sa.ForeignKey("batch_run.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("place", sa.String(160), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("screening", sa.String(32), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("conclusion", sa.String(20), nullable=False),
        sa.Column("told", sa.Text()),
        sa.Column("shape", sa.LargeBinary()),
        sa.Column("faults", sa.Text()),
    )
    op.create_index("ix_batch_run_line_state", "batch_run_line", ["run", "state", "conclusion"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("batch_run_line")
    op.drop_table("batch_run")
