"""How many recipients of which sort stand with the record: a report reads one index instead of three tables.

What earlier records say of it is counted once here. Reviews of reported false alarms get a table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OFFICES = "t.class IN ('official', 'government')"
_PUBLIC = "t.class IN ('public', 'disposable', 'isp', 'relay')"
_COUNTS = {
    "signed": ("documents", "t.signed"),
    "recipients": ("recipients", "1 = 1"),
    "offices": ("recipients", _OFFICES),
    "public": ("recipients", _PUBLIC),
    "warned": ("recipients", f"{_PUBLIC} AND t.verdict = 'warn'"),
    "challenged": ("recipients", f"{_PUBLIC} AND t.verdict = 'challenge'"),
    "stripped": ("recipients", f"{_PUBLIC} AND t.verdict = 'strip'"),
    "held": ("recipients", f"{_PUBLIC} AND t.verdict = 'hold'"),
    "refused": ("recipients", f"{_PUBLIC} AND t.verdict = 'reject'"),
}


def upgrade() -> None:
    op.drop_index("ix_records_time", "records")
    for name in _COUNTS:
        op.add_column("records", sa.Column(name, sa.Integer))
    counted = ", ".join(
        f"{name} = (SELECT count(*) FROM {table} AS t WHERE t.record_id = records.id AND {condition})"  # noqa: S608
        for name, (table, condition) in _COUNTS.items()
    )
    op.execute(f"UPDATE records SET {counted} WHERE kind = 'message'")  # noqa: S608 (all of it stands above)
    op.create_index(
        "ix_records_time",
        "records",
        [
            "time", "kind", "direction", "agency", "hop_parent", "forward_kind", "official_score", "secrecy_score",
            "documents", *_COUNTS, "sender",
        ],
    )  # fmt: skip
    op.create_table(
        "reviews",
        sa.Column("record_id", sa.String(26), nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("about", sa.String(26), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("upheld", sa.Boolean),
        sa.PrimaryKeyConstraint("record_id", "position", name="pk_reviews"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_reviews", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reviews_about", "reviews", ["about"])
