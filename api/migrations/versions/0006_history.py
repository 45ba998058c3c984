"""Stages that cases have left, what imported cases brought with them, and what persons note for supervision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables; cases of before have no stages written down and are counted as such."""
    op.create_table(
        "case_stage",
        sa.Column("case_id", sa.String(16), sa.ForeignKey("approval_case.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("since", sa.String(10), nullable=True),
        sa.Column("until", sa.String(10), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("limit_days", sa.Integer(), nullable=True),
    )
    op.create_table(
        "case_past",
        sa.Column("case_id", sa.String(16), sa.ForeignKey("approval_case.id"), primary_key=True),
        sa.Column("source_number", sa.String(80), nullable=False, unique=True),
        sa.Column("row_digest", sa.String(64), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("eia_category", sa.String(20), nullable=False),
        sa.Column("is_key_project", sa.Boolean(), nullable=True),
        sa.Column("conclusion", sa.String(20), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=True),
        sa.Column("overrides", sa.Integer(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("started_on", sa.String(10), nullable=True),
        sa.Column("operated_on", sa.String(10), nullable=True),
    )
    op.create_table(
        "case_mark",
        sa.Column("case_id", sa.String(16), sa.ForeignKey("approval_case.id"), primary_key=True),
        sa.Column("is_key_project", sa.Boolean(), nullable=True),
        sa.Column("eia_category", sa.String(20), nullable=False),
        sa.Column("started_on", sa.String(10), nullable=True),
        sa.Column("operated_on", sa.String(10), nullable=True),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("case_mark")
    op.drop_table("case_past")
    op.drop_table("case_stage")
