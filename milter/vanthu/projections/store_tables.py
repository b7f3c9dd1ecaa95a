"""The tables of the SQL store, as they are after the last migration. Times are UTC; a score is between 0 and 1.

Written for SQLite and PostgreSQL alike: no type or feature that only one of them has.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

_ID = String(26)


def _owner() -> Column[str]:
    return Column("record_id", _ID, ForeignKey("records.id", ondelete="CASCADE"), primary_key=True)


def _position() -> Column[int]:
    return Column("position", Integer, primary_key=True, autoincrement=False)


records = Table(
    "records",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("node", Text, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("queue_id", Text),
    Column("message_id", Text),
    Column("hop", String(16)),
    Column("hop_parent", Text),
    Column("verdict", String(16)),
    Column("shadow", String(16)),
    Column("direction", String(16)),
    Column("origin", String(16)),
    Column("agency", Text),
    Column("sender", Text),
    Column("login", Text),
    Column("size", Integer),
    Column("official_score", Float),
    Column("forward_kind", String(16)),
    Column("secrecy_level", String(16)),
    Column("secrecy_score", Float),
    Column("policy", Text),
    Column("raw", Text, nullable=False),
    Index("ix_records_time", "time"),
    Index("ix_records_queue_id", "queue_id"),
    Index("ix_records_agency", "agency", "time"),
)

recipients = Table(
    "recipients",
    METADATA,
    _owner(),
    _position(),
    Column("address", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("class", String(16), nullable=False),
    Column("family", Text),
    Column("agency", Text),
    Column("role", String(16)),
    Column("relation", String(20), nullable=False),
    Column("verdict", String(16)),
    Index("ix_recipients_address", "address"),
)

rule_hits = Table(
    "rule_hits",
    METADATA,
    _owner(),
    _position(),
    Column("rule", Text, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("action", String(16), nullable=False),
    Column("recipients", Integer, nullable=False),
    Index("ix_rule_hits_rule", "rule"),
)

documents = Table(
    "documents",
    METADATA,
    _owner(),
    _position(),
    Column("where", Text, nullable=False),
    Column("name", Text),
    Column("number", Text),
    Column("year", Integer),
    Column("symbol", Text),
    Column("kind", Text),
    Column("issuer", Text),
    Column("issuer_agency", Text),
    Column("date", Text),
    Column("urgency", String(16)),
    Column("circulation", String(16)),
    Column("stage", String(16), nullable=False),
    Column("own_issue", Boolean, nullable=False),
    Column("signed", Boolean, nullable=False),
    Column("read_by", String(8), nullable=False),
    Column("score", Float, nullable=False),
)

cursors = Table(
    "cursors",
    METADATA,
    Column("node", Text, primary_key=True),
    Column("file", Text, primary_key=True),
    Column("place", Text, nullable=False),
)
