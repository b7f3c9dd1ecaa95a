"""``vanthu explain``: why a mail was, or would be, decided as it is; asked of the code that decides live mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import msgspec

from ..errors import UsageError
from ..facts.model import Facts
from ..harmless import printable
from ..inspection.effects import carry_out
from ..inspection.snapshot import Snapshot
from ..journal.record import Record
from ..mail.parse import parse
from ..policy.decision import Decision
from ..policy.model import Language
from ..projections.notice_targets import targets
from ..projections.notice_templates import Templates
from ..projections.notice_text import entry, values
from ..service.briefing import describer, offices
from ..settings.load import Loaded
from ..tuning.explanation import Explanation, explain
from ..tuning.recorded import find, policy_then
from ..tuning.telling import tell
from ..tuning.words import word
from . import evidence
from .facts import facts_of
from .house import open_dns, open_house
from .lookups import note_if_possible
from .sources import messages

_NO_ID = "RECORD-ID"  # stands where a reply or notice will carry the id of the record


@click.command("explain")
@click.option("--sender", metavar="ADDRESS", help="Envelope sender; otherwise Return-Path or From.")
@click.option("--recipient", "recipients", metavar="ADDRESS", multiple=True, help="Otherwise To, Cc and Bcc.")
@click.option("--login", metavar="NAME", help="SASL user name, as if the mail had been submitted with it.")
@click.option("--client", metavar="IP", help="Address of the SMTP client.")
@click.option("--dns", "with_dns", is_flag=True, help="Ask for the MX of domains that no list names.")
@click.option("--record", "record_id", metavar="ID", help="A record of the journal, which notes who asked.")
@click.option("--now", is_flag=True, help="Of a record: by the policy of today, not by the one in force then.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a message.")
@click.option("--format", "form", type=click.Choice(["text", "json", "docx"]), default="text", show_default=True)
@click.option("-o", "out", metavar="FILE", type=click.Path(path_type=Path), help="docx: the file to write.")
@click.argument("paths", metavar="[MESSAGE]...", nargs=-1)
@click.pass_obj
def command(
    loaded: Loaded, sender: str | None, recipients: tuple[str, ...], login: str | None, client: str | None,
    with_dns: bool, record_id: str | None, now: bool, lang: Language, as_json: bool, form: str, out: Path | None,
    paths: tuple[str, ...],
) -> int:  # fmt: skip
    """Tell what is known of a mail, what each rule asked and saw, and what follows: decision, reply, notice.

    MESSAGE is what facts takes: an .eml file, a folder, an mbox, or - for standard input. --format docx writes the
    evidence of one decision for those who ask later: facts, rule and clause then in force, and the journal's proof.

    Example: vanthu explain --login annv@x.gov.vn --lang en letter.eml; vanthu explain --record 01JD3V…
    """
    if bool(paths) == (record_id is not None):
        raise UsageError("give either a message or --record ID")
    as_json = as_json or form == "json"
    if (form == "docx") != (out is not None):
        raise UsageError("--format docx and -o FILE belong together, such as --format docx -o evidence.docx")
    snapshot = open_house(loaded)
    if record_id is not None:
        record = _record(loaded, record_id)
        note_if_possible(loaded, "explain --record", record=record_id)
        if out is not None:
            told = _of_record(record, snapshot, snapshot if now else _then(record, snapshot))
            evidence.write(out, evidence.of_record(record, told, snapshot), snapshot, lang)
            return 0
        _print(_of_record(record, snapshot, snapshot if now else _then(record, snapshot)), snapshot, lang, as_json)
        return 0
    if out is not None and len(paths) > 1:
        raise UsageError("--format docx tells of one message; give one")
    dns = open_dns(loaded, with_dns)
    for number, source in enumerate(messages(paths)):
        if number and not as_json and out is None:
            click.echo("\n" + "=" * 80 + "\n")
        facts = facts_of(source.raw, snapshot, source.path, sender, recipients, login, client, dns=dns)
        if out is not None:
            if number:
                raise UsageError("--format docx tells of one message; give one")
            evidence.write(
                out,
                evidence.of_message(source.raw, _of_message(source.raw, facts, snapshot), snapshot),
                snapshot,
                lang,
            )
            continue
        _print(_of_message(source.raw, facts, snapshot), snapshot, lang, as_json)
    return 0


class Told(msgspec.Struct, frozen=True):
    """The explanation and what goes with it. ``recorded``: what was decided then; ``digests``: by what.

    The explanation is by the policy that was in force then where its text was kept (``policy log``), else by today's.
    """

    explanation: Explanation
    reply: str | None
    notices: tuple[dict[str, str], ...]
    record: str | None = None
    recorded: Decision | None = None
    digests: dict[str, dict[str, str]] | None = None


def _of_message(raw: bytes, facts: Facts, snapshot: Snapshot) -> Told:
    explanation = explain(snapshot.policy, facts)
    message = parse(raw, snapshot.limits)
    answer = carry_out(explanation.decision, facts, message, snapshot.policy, _NO_ID, snapshot.challenge_keys)
    reply = None if answer.reply is None else str(answer.reply)
    decision = explanation.decision.with_reply(reply)
    return Told(explanation, reply, tuple(_notices(_NO_ID, facts, decision, snapshot)))


def _then(record: Record, snapshot: Snapshot) -> Snapshot:
    """The house with the policy that the record names, if it can be had just as it was."""
    policy = policy_then(record.digests.policy, snapshot) if record.digests else None
    return snapshot if policy is None else replace(snapshot, policy=policy)


def _of_record(record: Record, snapshot: Snapshot, by: Snapshot) -> Told:
    facts, decision = record.facts, record.decision
    if facts is None or decision is None:
        raise UsageError(f"{record.id}: a record of kind {record.kind} decided about no mail")
    then = msgspec.to_builtins(record.digests)
    now = msgspec.to_builtins(snapshot.digests)
    return Told(
        explanation=explain(by.policy, facts),
        reply=decision.reply,
        notices=tuple(_notices(record.id, facts, decision, by)),
        record=record.id,
        recorded=decision,
        digests={"then": then or {}, "now": now},
    )


def _record(loaded: Loaded, record_id: str) -> Record:
    folder = loaded.settings.journal.path
    try:
        found = find(folder, record_id) if folder.is_dir() else None
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}; ask as root or as vanthu's own user") from None
    if found is None:
        raise UsageError(f"no record {record_id} in {folder}; check the id and journal.path in the settings")
    return found


def _notices(record_id: str, facts: Facts, decision: Decision, snapshot: Snapshot) -> Iterator[dict[str, str]]:
    """The notices as the steward would write them, one hour after another of that kind."""
    settings = snapshot.settings
    told, templates = offices(snapshot.house.register), Templates(settings.notices.templates)
    for kind, target in dict.fromkeys(targets(facts, decision, settings.notices, told)):
        one = entry(record_id, facts, decision)
        subject, text, _ = templates.mail("notice", values(kind, one, describer(snapshot.policy), settings.zone))
        yield {"kind": kind, "to": target, "subject": subject, "text": text}


def _print(told: Told, snapshot: Snapshot, lang: Language, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(_flat(told)).decode())
        return
    click.echo(tell(told.explanation, lang, snapshot.settings.zone, tuple(_notes(told, lang))), nl=False)


def _flat(told: Told) -> dict[str, Any]:
    """One object: the explanation with reply, notices and what the record says beside it."""
    whole = msgspec.structs.asdict(told)
    explanation: Explanation = whole.pop("explanation")
    return {**msgspec.structs.asdict(explanation), **whole}


def _notes(told: Told, lang: Language) -> Iterator[str]:
    if told.record is not None and told.recorded is not None:
        used = "then" if told.explanation.policy == (told.digests or {}).get("then", {}).get("policy") else "now"
        yield f"{word('explained', lang)}: {word(used, lang)} ({told.explanation.policy})"
        yield f"{word('record', lang)} {told.record} — {word('recorded', lang)}: {told.recorded.verdict}"
    if told.digests is not None:
        for name, now in told.digests["now"].items():
            then = told.digests["then"].get(name, "-")
            changed = "" if then == now else f" ≠ {word('now', lang)} {now}"
            yield f"  {name}: {word('then', lang)} {then}{changed}"
    if told.reply is not None:
        yield f"{word('reply', lang)}: {told.reply}"
    for notice in told.notices:
        yield f"{word('notice', lang)} {notice['to']} ({notice['kind']}): {notice['subject']}"
        yield from (f"  | {printable(line)}" for line in notice["text"].splitlines())
