"""The submission set-up on private copies of Postfix's own configuration, by the real postconf and postfix check."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "postfix" / "submission.py"
SUBMISSION = """
submission inet n       -       y       -       -       smtpd
  -o syslog_name=postfix/submission
  -o smtpd_sasl_auth_enable=yes
  -o milter_macro_daemon_name=ORIGINATING
127.0.0.1:smtps inet n  -       y       -       -       smtpd
  -o smtpd_tls_wrappermode=yes
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the stock configuration with a queue and data folder of its own."""
    etc = tmp_path / "etc"
    etc.mkdir(mode=0o755)
    stock = Path("/usr/share/postfix/master.cf.dist")
    shutil.copy(stock if stock.exists() else Path("/etc/postfix/master.cf"), etc / "master.cf")
    shutil.copy("/etc/postfix/dynamicmaps.cf", etc)
    queue, data = tmp_path / "queue", tmp_path / "data"
    queue.mkdir()
    data.mkdir()
    shutil.chown(data, "postfix")
    (etc / "main.cf").write_text(
        f"# ours: keep this comment\ncompatibility_level = 3.6\nmyhostname = mail.x.gov.vn\n"
        f"queue_directory = {queue}\ndata_directory = {data}\n"
    )
    return etc


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command, *rest = arguments
    return subprocess.run(
        [sys.executable, str(SCRIPT), command, "--config-dir", str(folder), *rest], capture_output=True, text=True
    )


def postconf(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["postconf", "-c", str(folder), *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "unused parameter" not in done.stderr
    return done.stdout.strip()


def with_submission(folder: Path, main: str = "", master: str = SUBMISSION) -> dict[str, bytes]:
    with (folder / "master.cf").open("a") as file:
        file.write(master)
    with (folder / "main.cf").open("a") as file:
        file.write(main)
    return files(folder)


def files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in ("main.cf", "master.cf")}


def apply(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    done = run("apply", "--unchecked", *more, folder=folder)
    assert done.returncode == 0, done.stderr
    return done


def test_show_changes_nothing_and_prints_commands_that_do_it(folder: Path) -> None:
    before = with_submission(folder)
    shown = run("show", folder=folder)
    assert shown.returncode == 0
    assert files(folder) == before
    commands = [line for line in shown.stdout.splitlines() if not line.startswith("#")]
    assert all(line.startswith(f"postconf -c {folder} -") for line in commands)
    for line in commands:
        subprocess.run(["sh", "-ec", line], check=True)
    assert "nothing to change" in run("show", folder=folder).stdout


def test_apply_puts_us_on_every_submission_service_and_on_pickup(folder: Path) -> None:
    with_submission(folder)
    apply(folder)
    for service in ("submission/inet", "127.0.0.1:smtps/inet"):
        assert postconf(folder, "-Ph", f"{service}/smtpd_milters") == "$vanthu_milter"
        assert postconf(folder, "-Ph", f"{service}/milter_macro_daemon_name") == "submission"
    assert postconf(folder, "-P", "smtp/inet/*") == ""
    assert postconf(folder, "-h", "enable_long_queue_ids") == "yes"
    ours = postconf(folder, "-hx", "non_smtpd_milters")
    assert ours == (
        "{ unix:vanthu/milter.sock, default_action=tempfail, protocol=6, "
        "connect_timeout=10s, command_timeout=20s, content_timeout=40s }"
    )
    assert "milter_default_action" not in postconf(folder, "-n")
    assert subprocess.run(["postfix", "-c", str(folder), "check"], capture_output=True).returncode == 0


def test_applying_twice_changes_nothing(folder: Path) -> None:
    with_submission(folder, "smtpd_milters = inet:localhost:8891\nnon_smtpd_milters = $smtpd_milters\n")
    apply(folder)
    once = files(folder)
    again = apply(folder)
    assert "nothing to change" in again.stdout
    assert files(folder) == once
    assert len(list(folder.glob("vanthu-backup-*"))) == 1


def test_undo_is_byte_identical_and_keeps_owner_and_mode(folder: Path) -> None:
    before = with_submission(folder)
    (folder / "main.cf").chmod(0o640)
    apply(folder)
    assert files(folder) != before
    undone = run("undo", folder=folder)
    assert undone.returncode == 0, undone.stderr
    assert files(folder) == before
    assert (folder / "main.cf").stat().st_mode & 0o777 == 0o640
    assert run("undo", folder=folder).returncode == 1


def test_undo_goes_back_step_by_step(folder: Path) -> None:
    before = with_submission(folder)
    apply(folder)
    first = files(folder)
    apply(folder, "--content-timeout", "55")
    assert run("undo", folder=folder).returncode == 0
    assert files(folder) == first
    assert run("undo", folder=folder).returncode == 0
    assert files(folder) == before


def test_undo_does_not_lose_an_edit_made_since(folder: Path) -> None:
    before = with_submission(folder)
    apply(folder)
    postconf(folder, "-e", "message_size_limit = 50000000")
    refused = run("undo", folder=folder)
    assert refused.returncode == 1
    assert "main.cf changed since" in refused.stderr
    assert postconf(folder, "-h", "message_size_limit") == "50000000"
    assert run("undo", "--force", folder=folder).returncode == 0
    assert files(folder) == before


@pytest.mark.parametrize(
    ("main", "override", "expected"),
    [
        ("smtpd_milters = inet:localhost:8891\n", None, "$vanthu_milter,inet:localhost:8891"),
        ("", "inet:localhost:8891,unix:clamav/milter", "$vanthu_milter,inet:localhost:8891,unix:clamav/milter"),
        (
            "smtpd_milters = { inet:localhost:8891, default_action=accept } unix:clamav/milter\n",
            None,
            "$vanthu_milter,{inet:localhost:8891,default_action=accept},unix:clamav/milter",
        ),
        ("smtpd_milters = inet:localhost:8891\n", "", "$vanthu_milter"),
    ],
)
def test_other_milters_stay_and_come_after_us(folder: Path, main: str, override: str | None, expected: str) -> None:
    with_submission(folder, main)
    if override is not None:
        postconf(folder, "-Pe", f"submission/inet/smtpd_milters={override}")
    apply(folder)
    assert postconf(folder, "-Ph", "submission/inet/smtpd_milters") == expected
    if main:
        assert postconf(folder, "-n", "smtpd_milters") == main.strip()


def test_pickup_keeps_the_signer_after_us(folder: Path) -> None:
    with_submission(folder, "smtpd_milters = inet:localhost:8891\nnon_smtpd_milters = $smtpd_milters\n")
    apply(folder)
    assert postconf(folder, "-h", "non_smtpd_milters") == "$vanthu_milter, $smtpd_milters"


def test_macros_that_a_main_cf_dropped_come_back(folder: Path) -> None:
    with_submission(folder, "milter_mail_macros = {auth_author}\nmilter_connect_macros = j v\n")
    apply(folder)
    assert postconf(folder, "-h", "milter_mail_macros") == "{auth_author} {auth_type} {auth_authen}"
    assert postconf(folder, "-h", "milter_connect_macros") == "j v {daemon_name}"
    assert "milter_rcpt_macros" not in postconf(folder, "-n")


def test_without_a_submission_service_it_says_how_to_make_one(folder: Path) -> None:
    before = files(folder)
    refused = run("apply", "--unchecked", folder=folder)
    assert refused.returncode == 1
    assert files(folder) == before
    for command in re.findall(r"^  (postconf (?:.|\\\n)*?)$(?!\n    )", refused.stderr, re.MULTILINE):
        subprocess.run(["sh", "-ec", command.replace("postconf ", f"postconf -c {folder} ", 1)], check=True)
    apply(folder)
    assert postconf(folder, "-Ph", "submission/inet/smtpd_sasl_auth_enable") == "yes"


def test_a_service_can_be_named(folder: Path) -> None:
    apply(folder, "--service", "smtp/inet")
    assert postconf(folder, "-Ph", "smtp/inet/smtpd_milters") == "$vanthu_milter"
    assert run("apply", "--unchecked", "--service", "smtpx/inet", folder=folder).returncode == 1


def test_switched_off_milters_are_refused(folder: Path) -> None:
    before = with_submission(folder, "receive_override_options = no_milters\n")
    refused = run("apply", "--unchecked", folder=folder)
    assert refused.returncode == 1
    assert "no_milters" in refused.stderr
    assert files(folder) == before


def test_a_socket_outside_of_the_chroot_is_refused(folder: Path) -> None:
    with_submission(folder)
    refused = run("apply", "--unchecked", "--socket", "unix:/run/vanthu/milter.sock", folder=folder)
    assert refused.returncode == 1
    assert "chrooted" in refused.stderr
    for service in ("submission/inet", "127.0.0.1:smtps/inet", "cleanup/unix"):
        postconf(folder, "-F", "-e", f"{service}/chroot=n")
    apply(folder, "--socket", "unix:/run/vanthu/milter.sock")


def test_inet_sockets_are_written_as_postfix_has_them(folder: Path) -> None:
    with_submission(folder)
    apply(folder, "--socket", "inet:8899@127.0.0.1")
    assert "{ inet:127.0.0.1:8899, default_action=tempfail" in postconf(folder, "-h", "vanthu_milter")


def test_apply_wants_the_filter_to_answer(folder: Path, tmp_path: Path) -> None:
    before = with_submission(folder)
    refused = run("apply", folder=folder)
    assert refused.returncode == 1
    assert "451" in refused.stderr
    assert files(folder) == before
    path = tmp_path / "queue" / "vanthu"
    path.mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path / "milter.sock"))
        listener.listen()
        assert run("apply", folder=folder).returncode == 0


def test_a_result_that_postfix_refuses_is_taken_back(folder: Path) -> None:
    with_submission(folder, "mail_owner = root\n")
    before = files(folder)
    refused = run("apply", "--unchecked", folder=folder)
    assert refused.returncode == 1
    assert "check: " in refused.stderr
    assert files(folder) == before
