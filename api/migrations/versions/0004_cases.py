"""Cases with their sites, judgements and files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.migrations.immutable import never_changed, never_removed

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables; the database itself refuses to remove cases and to change the bytes of files."""
    _case()
    _parts()
    never_removed("approval_case", "cases are never removed")
    never_changed("attachment_content", "files are never changed")


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "case_judgement",
        "case_attachment",
        "case_site",
        "case_serial",
        "attachment_content",
        "approval_case",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for table in ("approval_case", "attachment_content"):
            op.execute(f"DROP FUNCTION {table}_never()")


def _case() -> None:
    op.create_table(
        "approval_case",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("number", sa.String(24), nullable=False, unique=True),
        sa.Column("year", sa.Integer(), nullable=False, index=True),
        sa.Column("project", sa.String(200), nullable=False),
        sa.Column("industries", sa.Text(), nullable=False),
        sa.Column("construction", sa.String(20), nullable=False),
        sa.Column("organisation", sa.String(200), nullable=False),
        sa.Column("agency", sa.String(200), nullable=False),
        sa.Column("district", sa.String(6), nullable=False, index=True),
        sa.Column("owner_id", sa.String(24), nullable=False, index=True),
        sa.Column("assignee_id", sa.String(16), sa.ForeignKey("account.id"), nullable=True, index=True),
        sa.Column("stage", sa.String(20), nullable=False, index=True),
        sa.Column("stage_since", sa.String(40), nullable=False),
        sa.Column("asked_on", sa.String(10), nullable=True),
        sa.Column("stops", sa.Text(), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=True, index=True),
        sa.Column("opinion", sa.String(20), nullable=False),
        sa.Column("proposer_id", sa.String(24), nullable=False),
        sa.Column("reviewer_id", sa.String(24), nullable=False),
        sa.Column("decision", sa.String(20), nullable=False, index=True),
        sa.Column("decided_at", sa.String(40), nullable=True),
        sa.Column("opened_at", sa.String(40), nullable=False, index=True),
        sa.Column("closed_at", sa.String(40), nullable=True),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "case_serial",
        sa.Column("city", sa.String(6), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    op.create_table(
        "attachment_content",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )


def _parts() -> None:
    op.create_table(
        "case_site",
        sa.Column("case_id", sa.String(16), sa.ForeignKey("approval_case.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("screening_id", sa.String(32), sa.ForeignKey("screening.id"), nullable=True),
    )
    op.create_table(
        "case_judgement",
        sa.Column("case_id", sa.String(16), sa.ForeignKey("approval_case.id"), primary_key=True),
        sa.Column("screening_id", sa.String(32), sa.ForeignKey("screening.id"), primary_key=True),
        sa.Column("finding", sa.String(200), primary_key=True),
        sa.Column("machine_outcome", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("is_red_line", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.String(24), nullable=False),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("confirmed_by_id", sa.String(24), nullable=False),
        sa.Column("confirmed_by_name", sa.String(80), nullable=False),
        sa.Column("confirmed_at", sa.String(40), nullable=False),
    )
    op.create_table(
        "case_attachment",
        sa.Column("case_id", sa.String(16), sa.ForeignKey("approval_case.id"), primary_key=True),
        sa.Column("digest", sa.String(64), sa.ForeignKey("attachment_content.digest"), primary_key=True),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("media_type", sa.String(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.String(24), nullable=False),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
