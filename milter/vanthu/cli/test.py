"""``vanthu test``: cases beside the policies, judged by the code that decides live mail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ..errors import UsageError
from ..facts.model import Facts
from ..inspection.snapshot import Snapshot
from ..policy.sources import policy_files
from ..settings.load import Loaded
from ..tuning import junit
from ..tuning.cases import SUFFIX, Case, case_files, load
from ..tuning.judging import Judge
from ..tuning.short_facts import ShortFacts
from .facts import facts_of
from .house import open_house


@click.command("test")
@click.option("--junit", "report", metavar="FILE", type=click.Path(path_type=Path), help="Also write JUnit XML.")
@click.option("--strict", is_flag=True, help="What no case reaches counts as a failure.")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def command(loaded: Loaded, report: Path | None, strict: bool, folder: Path | None) -> int:
    """Run the test cases of a policy folder: its *.test.yaml, and those in its folder tests.

    DIR is a policy folder, or a folder of cases inside one; without it, the policies of the settings are tested.
    Rules, unless entries and exceptions that no case reaches are listed. Exit 1 when a case fails.

    Example: vanthu test /etc/vanthu/policies --junit results.xml
    """
    policies, files = _found(folder, loaded)
    settings = loaded.settings.model_copy(update={"policies": policies})
    snapshot = open_house(replace(loaded, settings=settings))
    cases = load(files, snapshot.policy)
    short = ShortFacts(snapshot.house.register, snapshot.house.providers, snapshot.policy.detectors)
    judge = Judge(snapshot.policy, short, lambda case: _of_mail(case, snapshot))
    results = list(judge.results(cases))
    for result in results:
        for wrong in result.wrong:
            click.echo(f"{result.case.place}: {result.case.shape.name}: {wrong}")
    coverage = judge.coverage(results)
    for missed in coverage.missed:
        click.echo(f"no case reaches {missed}")
    if report is not None:
        try:
            junit.write(report, results)
        except OSError as error:
            raise UsageError(f"{report}: cannot be written: {error.strerror}") from None
    failed = sum(bool(result.wrong) for result in results)
    reached = len(coverage.rules & coverage.reached_rules), len(coverage.exceptions & coverage.reached_exceptions)
    click.echo(
        f"{len(results)} cases, {failed} failed; {reached[0]} of {len(coverage.rules)} rules and "
        f"{reached[1]} of {len(coverage.exceptions)} exceptions reached"
    )
    return 1 if failed or (strict and coverage.missed) else 0


def _found(folder: Path | None, loaded: Loaded) -> tuple[Path, list[Path]]:
    """The policy folder and its case files."""
    where = folder or loaded.settings.policies
    assert where is not None, "settings.load fills in the shipped folder"
    if not where.is_dir():
        raise UsageError(f"{where}: no such folder; give a policy folder")
    files = case_files(where)
    if not files:
        raise UsageError(f"{where}: no cases here; write them to a file such as tests/rules{SUFFIX}")
    inside = [where.absolute().parent] if where.absolute().name == "tests" else []
    fallback = loaded.settings.policies or where
    return next((one for one in (where, *inside) if policy_files(one)), fallback), files


def _of_mail(case: Case, snapshot: Snapshot) -> Facts:
    shape = case.shape
    assert shape.mail is not None, "cases.load sees to it"
    path = case.file.parent / shape.mail
    return facts_of(
        path.read_bytes(), snapshot, shape.mail, shape.sender, shape.recipients, shape.login, shape.client
    )
