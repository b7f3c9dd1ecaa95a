"""The first tables: records with their recipients, rule hits and documents, and each node's place in its journal."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "records",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("node", sa.Text, nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("queue_id", sa.Text),
        sa.Column("message_id", sa.Text),
        sa.Column("hop", sa.String(16)),
        sa.Column("hop_parent", sa.Text),
        sa.Column("verdict", sa.String(16)),
        sa.Column("shadow", sa.String(16)),
        sa.Column("direction", sa.String(16)),
        sa.Column("origin", sa.String(16)),
        sa.Column("agency", sa.Text),
        sa.Column("sender", sa.Text),
        sa.Column("login", sa.Text),
        sa.Column("size", sa.Integer),
        sa.Column("official_score", sa.Float),
        sa.Column("forward_kind", sa.String(16)),
        sa.Column("secrecy_level", sa.String(16)),
        sa.Column("secrecy_score", sa.Float),
        sa.Column("policy", sa.Text),
        sa.Column("raw", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
    )
    op.create_index("ix_records_time", "records", ["time"])
    op.create_index("ix_records_queue_id", "records", ["queue_id"])
    op.create_index("ix_records_agency", "records", ["agency", "time"])
    _of_a_record(
        "recipients",
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("domain", sa.Text, nullable=False),
        sa.Column("class", sa.String(16), nullable=False),
        sa.Column("family", sa.Text),
        sa.Column("agency", sa.Text),
        sa.Column("role", sa.String(16)),
        sa.Column("relation", sa.String(20), nullable=False),
        sa.Column("verdict", sa.String(16)),
    )
    op.create_index("ix_recipients_address", "recipients", ["address"])
    _of_a_record(
        "rule_hits",
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("recipients", sa.Integer, nullable=False),
    )
    op.create_index("ix_rule_hits_rule", "rule_hits", ["rule"])
    _of_a_record(
        "documents",
        sa.Column("where", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("number", sa.Text),
        sa.Column("year", sa.Integer),
        sa.Column("symbol", sa.Text),
        sa.Column("kind", sa.Text),
        sa.Column("issuer", sa.Text),
        sa.Column("issuer_agency", sa.Text),
        sa.Column("date", sa.Text),
        sa.Column("urgency", sa.String(16)),
        sa.Column("circulation", sa.String(16)),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("own_issue", sa.Boolean, nullable=False),
        sa.Column("signed", sa.Boolean, nullable=False),
        sa.Column("read_by", sa.String(8), nullable=False),
        sa.Column("score", sa.Float, nullable=False),
    )
    op.create_table(
        "cursors",
        sa.Column("node", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("node", "file", name="pk_cursors"),
    )


def _of_a_record(table: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("record_id", sa.String(26), nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("record_id", "position", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name=f"fk_{table}", ondelete="CASCADE"),
    )
