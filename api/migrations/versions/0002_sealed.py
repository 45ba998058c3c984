"""What repeats a screening, its seal, and which screening it refreshes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; screenings kept before have none of it and stay as they are."""
    op.add_column("screening", sa.Column("question", sa.Text(), nullable=True))
    op.add_column("screening", sa.Column("seal", sa.Text(), nullable=True))
    op.add_column("screening", sa.Column("refreshes", sa.String(32), nullable=True))
    op.create_index("ix_screening_refreshes", "screening", ["refreshes"])


def downgrade() -> None:
    """Drop the columns."""
    op.drop_index("ix_screening_refreshes", "screening")
    for column in ("refreshes", "seal", "question"):
        op.drop_column("screening", column)
