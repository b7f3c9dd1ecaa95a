import re
import subprocess
from pathlib import Path

import pytest

from support import books, records
from vanthu.facts.model import Hop
from vanthu.journal.reader import read_new
from vanthu.journal.record import Record
from vanthu.journal.writer import Writer
from vanthu.policy.decision import Decision
from vanthu.projections import catalogue
from vanthu.projections.metrics import Live, Metrics
from vanthu.projections.state import State


class House:
    """A journal and the metrics over it, in folders of their own."""

    def __init__(self, folder: Path) -> None:
        self.journal = folder / "journal"
        self.journal.mkdir()
        self.state = folder / "state"
        self.metrics = Metrics(State(self.state), Live())
        self.writer = Writer(self.journal, "mx1", sync="none")
        self.said: list[str] = []

    def write(self, *lines: Record) -> None:
        for line in lines:
            self.writer.append(line)

    def restart(self) -> None:
        self.metrics = Metrics(State(self.state), Live(), self.said.append)

    def read(self, max_lines: int = 10_000) -> None:
        complete = False
        while not complete:
            cursor = self.metrics.cursor()
            batch = read_new(self.journal, cursor, max_lines)
            self.metrics.take(batch, cursor)
            complete = batch.complete

    def page(self) -> str:
        return self.metrics.page().decode()


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.mark.parametrize("seed", range(3))
def test_the_books_agree_label_by_label_also_over_restarts(house: House, seed: int) -> None:
    day = records.a_day(seed, 600)
    for start in range(0, 600, 200):
        house.write(*day[start : start + 200])
        house.read(max_lines=37)
        house.restart()
    assert books.differences(house.journal, house.page()) == []
    assert len(books.found(house.page())) > 100


def test_the_audit_sees_a_wrong_book(house: House) -> None:
    house.write(records.message())
    house.read()
    house.write(records.message())
    assert books.differences(house.journal, house.page()) != []


def test_a_batch_that_fails_to_commit_counts_nothing(house: House) -> None:
    house.write(records.message())
    cursor = house.metrics.cursor()
    batch = read_new(house.journal, cursor)
    blocker = State(house.state)
    house.metrics._state.connection.execute("PRAGMA busy_timeout = 1")
    with blocker.transaction(), pytest.raises(Exception, match="locked"):
        house.metrics.take(batch, cursor)
    assert "vanthu_messages_total{" not in house.page()
    house.read()
    assert books.differences(house.journal, house.page()) == []


def test_promtool_has_nothing_to_say(house: House) -> None:
    house.write(*records.a_day(7, 200), records.event("reload", ok=True, policy="abc"))
    house.read()
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=house.metrics.page(), capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def value(page: str, sample: str) -> float | None:
    found = re.search(rf"^{re.escape(sample)} (\S+)$", page, re.MULTILINE)
    return float(found[1]) if found else None


def test_reloads_set_the_gauge_and_the_policy_in_force(house: House) -> None:
    house.write(records.event("reload", ok=True, policy="old"), records.event("reload", ok=True, policy="new"))
    house.read()
    assert value(house.page(), "vanthu_config_last_reload_successful") == 1
    house.write(records.event("reload", ok=False, policy="new"))
    house.read()
    house.restart()
    assert value(house.page(), "vanthu_config_last_reload_successful") == 0
    assert value(house.page(), 'vanthu_policy_info{digest="new"}') == 1
    assert 'digest="old"' not in house.page()


def test_relaxed_ends_by_itself(house: House) -> None:
    house.write(records.event("relax", until="2999-01-01T00:00:00Z"))
    house.read()
    assert value(house.page(), "vanthu_relaxed") == 1
    house.write(records.event("relax", until="2001-01-01T00:00:00Z"))
    house.read()
    assert value(house.page(), "vanthu_relaxed") == 0


def test_held_mail_is_counted_up_and_down(house: House) -> None:
    assert value(house.page(), "vanthu_held_messages") == 0
    held = Decision("hold", ("hold",))
    house.write(
        records.message(decision=held), records.message(decision=held), records.event("hold", action="return")
    )
    house.write(records.event("failure", reason="unreadable"))
    asked = Decision("challenge", ("challenge",), reply="550 5.7.1 challenge")
    house.write(records.message(decision=asked), records.message(decision=Decision("challenge", ("challenge",))))
    house.read()
    assert value(house.page(), "vanthu_held_messages") == 3


def test_the_second_hop_counts_recipients_but_no_message(house: House) -> None:
    house.write(records.message(), records.message(hop=Hop("egress", "01ABC")))
    house.read()
    sample = 'vanthu_messages_total{agency="so-y-te",direction="outbound",verdict="accept"}'
    assert value(house.page(), sample) == 1
    sample = 'vanthu_recipients_total{agency="so-y-te",class="public",family="google",verdict="accept"}'
    assert value(house.page(), sample) == 2


def test_enquiries_and_damage_are_counted(house: House) -> None:
    message = records.message()
    house.write(Record(**{name: getattr(message, name) for name in message.__struct_fields__ if name != "details"},
                       details={"enquiries": {"dns": {"known": 2, "timeout": 1}}}))  # fmt: skip
    house.writer.close()
    (path,) = house.journal.iterdir()
    path.write_bytes(path.read_bytes() + b"garbage\n")
    house.restart()
    house.read()
    assert value(house.page(), 'vanthu_enquiries_total{kind="dns",result="known"}') == 2
    assert value(house.page(), 'vanthu_journal_damage_total{kind="garbage"}') == 1
    assert len(house.said) == 1 and path.name in house.said[0]


def test_histograms_add_up(house: House) -> None:
    for total in (0.2, 3.0, 30_000.0, 90_000.0):
        house.write(records.message(timings={"total": total, "facts": total}))
    house.read()
    page = house.page()
    assert value(page, 'vanthu_inspection_seconds_bucket{le="0.0005"}') == 1
    assert value(page, 'vanthu_inspection_seconds_bucket{le="0.005"}') == 2
    assert value(page, 'vanthu_inspection_seconds_bucket{le="60.0"}') == 3
    assert value(page, 'vanthu_inspection_seconds_bucket{le="+Inf"}') == 4
    assert value(page, 'vanthu_inspection_step_seconds_sum{step="facts"}') == pytest.approx(120.0032)


def test_every_metric_is_documented_with_its_labels() -> None:
    text = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)(?:\{[^}]*\})?` \| (\w+) \|", text, re.MULTILINE))
    assert rows == {metric.name: metric.kind for metric in catalogue.METRICS}
    for metric in catalogue.METRICS:
        shown = metric.name + ("{" + ",".join(metric.labels) + "}" if metric.labels else "")
        assert f"`{shown}`" in text


def test_a_page_shows_every_metric_of_the_catalogue(house: House) -> None:
    page = house.page()
    for metric in catalogue.METRICS:
        assert f"# TYPE {metric.name} {metric.kind}" in page
