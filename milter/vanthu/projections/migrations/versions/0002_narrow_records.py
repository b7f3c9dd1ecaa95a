"""Records become narrow: what reports count are columns and an index of their own, the whole record is not kept.

A whole record told subjects and names long after the journal had forgotten them, and made every count read pages that
it did not need. All tables are made anew and the places in the journal are forgotten, so that the steward reads the
journal again from its beginning.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("rule_hits", "recipients", "documents", "records"):
        op.drop_table(table)
    op.execute("DELETE FROM cursors")
    _records()
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
    _of_a_record(
        "rule_hits",
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("recipients", sa.Integer, nullable=False),
    )
    _of_a_record(
        "documents",
        sa.Column("where", sa.Text, nullable=False),
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
    _of_a_record("unread", sa.Column("reason", sa.String(16), nullable=False))
    _of_a_record(
        "exempted",
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("exception", sa.Text, nullable=False),
        sa.Column("recipients", sa.Integer, nullable=False),
    )
    op.create_table(
        "logins",
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", "day", name="pk_logins"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollups",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("month", name="pk_rollups"),
    )


def _records() -> None:
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
        sa.Column("sender_role", sa.String(16)),
        sa.Column("login", sa.Text),
        sa.Column("size", sa.Integer),
        sa.Column("official_score", sa.Float),
        sa.Column("documents", sa.Integer),
        sa.Column("forward_kind", sa.String(16)),
        sa.Column("secrecy_level", sa.String(16)),
        sa.Column("secrecy_score", sa.Float),
        sa.Column("challenge", sa.String(16)),
        sa.Column("challenge_reason", sa.Text),
        sa.Column("false_alarm", sa.Boolean),
        sa.Column("policy", sa.Text),
        sa.Column("detail", sa.Text),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
    )
    counted = (
        "time", "kind", "direction", "agency", "hop_parent", "forward_kind", "official_score", "secrecy_score",
        "documents", "sender", "id",
    )  # fmt: skip
    op.create_index("ix_records_time", "records", list(counted))
    op.create_index("ix_records_queue_id", "records", ["queue_id"])


def _of_a_record(table: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("record_id", sa.String(26), nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("record_id", "position", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name=f"fk_{table}", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
