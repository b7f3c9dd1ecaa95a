"""Answer times: what is a question, what an answer, and what is neither."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from support import month as made_up
from support import records
from support.month import OCTOBER, PLACE
from vanthu.facts.model import Recipient, Sender
from vanthu.projections.store_counts import Exchange, Span
from vanthu.projections.store_queries import Questions
from vanthu.reports.answers import lines
from vanthu.reports.report import AnswerLine

BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
SPAN = Span(BEGIN, BEGIN + timedelta(days=31))
DESK, HER, HIM = "motcua@x.gov.vn", "her@gmail.com", "him@gmail.com"


def mail(hours: float, inbound: bool, outside: str = HER, desk: str = DESK) -> Exchange:
    return Exchange(desk, outside, BEGIN + timedelta(hours=hours), inbound)


def test_the_next_mail_to_who_asked_is_the_answer() -> None:
    found = lines([mail(0, True), mail(1, True, HIM), mail(4, False), mail(30, False, HIM.upper())], SPAN)
    assert found == (AnswerLine(DESK, 2, 2, 16.5),)


def test_asking_again_before_the_answer_is_the_same_question_and_after_it_another() -> None:
    found = lines([mail(0, True), mail(1, True), mail(2, False), mail(3, True), mail(4, False), mail(5, False)], SPAN)
    assert found == (AnswerLine(DESK, 2, 2, 1.5),)


def test_mail_that_answers_nothing_counts_nothing() -> None:
    assert lines([mail(0, False), mail(1, False, HIM)], SPAN) == ()
    assert lines([mail(0, True)], SPAN) == (AnswerLine(DESK, 1, 0, None),)


def test_questions_of_the_next_month_are_not_of_this() -> None:
    late = 31 * 24 + 1
    found = lines(
        [mail(31 * 24 - 1, True), mail(late, True, HIM), mail(late + 1, False), mail(late + 2, False, HIM)], SPAN
    )
    assert found == (AnswerLine(DESK, 1, 1, 3.0),)


def test_the_store_tells_who_wrote_to_a_desk_and_what_it_answered(tmp_path: Path) -> None:
    time = datetime(2026, 10, 5, 3, tzinfo=UTC)
    desk = Sender(DESK, class_="official", registered=True, agency="so-y-te", role="public_service")
    asked = records.message(
        time=time, direction="inbound", sender=Sender(HER, class_="public"),
        recipients=(Recipient(DESK, "x.gov.vn", "official", role="public_service", agency="so-y-te"),),
    )  # fmt: skip
    answered = records.message(
        time=time + timedelta(hours=5), sender=desk, recipients=(Recipient(HER, "gmail.com", "public", "google"),)
    )
    bounced = records.message(
        time=time, direction="inbound", sender=Sender(""),
        recipients=(Recipient(DESK, "x.gov.vn", "official", role="public_service"),),
    )  # fmt: skip
    with Questions(made_up.fill(tmp_path, [asked, answered, bounced, records.message(time=time)])) as store:
        span = OCTOBER.span(PLACE.calendar.zone)
        assert lines(store.exchanges(span), span) == (AnswerLine(DESK, 1, 1, 5.0),)
