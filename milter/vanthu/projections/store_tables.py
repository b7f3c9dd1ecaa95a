"""The tables of the SQL store, as they are after the last migration. Times are UTC; a score is between 0 and 1.

Written for SQLite and PostgreSQL alike: no type or feature that only one of them has. They hold what reports count
and nothing else: no subject, no name of an attachment, no whole record. Those are in the journal while it is kept.

``sqlite_with_rowid=False``: the table lies in the order of its key, without a second tree to look the key up in.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

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
    Column("sender_role", String(16)),
    Column("login", Text),
    Column("size", Integer),
    Column("official_score", Float),
    Column("documents", Integer),  # how many stand in the table of that name
    Column("signed", Integer),  # of them
    Column("recipients", Integer),  # the same of recipients
    Column("offices", Integer),
    Column("public", Integer),
    Column("warned", Integer),  # of those that are public, and so on
    Column("challenged", Integer),
    Column("stripped", Integer),
    Column("held", Integer),
    Column("refused", Integer),
    Column("forward_kind", String(16)),
    Column("secrecy_level", String(16)),
    Column("secrecy_score", Float),
    Column("challenge", String(16)),
    Column("challenge_reason", Text),  # what the sender wrote; null where secrecy is suspected
    Column("false_alarm", Boolean),
    Column("policy", Text),
    Column("detail", Text),  # of other kinds: why it failed, what was done to held mail, who relaxed the policy
    Column("until", DateTime(timezone=True)),  # the end of a relaxation
    # All that is counted by month, in the order of time: a report reads this index, no row and no other table.
    Index(
        "ix_records_time", "time", "kind", "direction", "agency", "hop_parent", "forward_kind", "official_score",
        "secrecy_score", "documents", "signed", "recipients", "offices", "public", "warned", "challenged", "stripped",
        "held", "refused", "sender",
    ),
    Index("ix_records_queue_id", "queue_id"),
)  # fmt: skip

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
    sqlite_with_rowid=False,
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
    sqlite_with_rowid=False,
)

documents = Table(
    "documents",
    METADATA,
    _owner(),
    _position(),
    Column("where", Text, nullable=False),
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
    sqlite_with_rowid=False,
)

unread = Table(
    "unread",
    METADATA,
    _owner(),
    _position(),
    Column("reason", String(16), nullable=False),
    sqlite_with_rowid=False,
)
"""Attachments that could not be read."""

exempted = Table(
    "exempted",
    METADATA,
    _owner(),
    _position(),
    Column("rule", Text, nullable=False),
    Column("exception", Text, nullable=False),
    Column("recipients", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Rules that an exception, or an entry of ``unless``, lifted."""

reviews = Table(
    "reviews",
    METADATA,
    _owner(),
    _position(),
    Column("about", _ID, nullable=False),
    Column("rule", Text, nullable=False),
    Column("upheld", Boolean),
    Index("ix_reviews_about", "about"),
    sqlite_with_rowid=False,
)
"""What people found of a mail (``about``, a record) that its sender had called a false alarm of a rule; null: unsure.
The last review of a mail and a rule counts."""

logins = Table(
    "logins",
    METADATA,
    Column("address", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last", DateTime(timezone=True), nullable=False),
    sqlite_with_rowid=False,
)
"""Local days on which somebody logged in to a mailbox, from logs of Dovecot or Zimbra that were read in."""

rollups = Table(
    "rollups",
    METADATA,
    Column("month", String(7), primary_key=True),
    Column("made", DateTime(timezone=True), nullable=False),
    Column("content", Text, nullable=False),
)
"""What is left of a month when its records are over: figures by agency as JSON, no person."""

cursors = Table(
    "cursors",
    METADATA,
    Column("node", Text, primary_key=True),
    Column("file", Text, primary_key=True),
    Column("place", Text, nullable=False),
)
