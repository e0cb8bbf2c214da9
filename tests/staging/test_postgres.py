"""The embedded PostgreSQL is shared by the processes of a state folder, outlives none of them needlessly, and survives kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from release_staging.staging.errors import StagingError
from release_staging.staging.postgres import DATABASE_URL, databases, engine, normalised, stop

USER = """
import sys
from pathlib import Path
from release_staging.staging.postgres import databases
with databases(Path(sys.argv[1]), {}) as found:
    print(found.staging, flush=True)
    sys.stdin.read()
"""


def processes(state: Path) -> list[psutil.Process]:
    """The server and its children, as the operating system sees them."""
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"].startswith("postgres") and Path(process.cwd()) == state / "postgres" / "data":
                found.append(process)
        except psutil.Error:
            continue
    return found


def server_pid(state: Path) -> int:
    return int((state / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def answer(url: str, question: str = "SELECT 1") -> object:
    connected = engine(url)
    try:
        with connected.connect() as connection:
            return connection.scalar(text(question))
    finally:
        connected.dispose()


def start_user(state: Path) -> subprocess.Popen[str]:
    user = subprocess.Popen([sys.executable, "-c", USER, str(state)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert user.stdout is not None
    assert user.stdout.readline().startswith("postgresql+psycopg2://")
    return user


def end_user(user: subprocess.Popen[str]) -> None:
    user.communicate("")
    assert user.returncode == 0


def test_there_is_a_database_for_staging_and_one_for_dagster_and_what_is_written_stays(state: Path) -> None:
    with databases(state, {}) as found:
        assert found.embedded
        assert answer(found.staging, "SELECT current_database()") == "staging"
        assert answer(found.dagster, "SELECT current_database()") == "dagster"
        with engine(found.staging).begin() as connection:
            connection.execute(text("CREATE TABLE kept AS SELECT 42 AS value"))
    with databases(state, {}) as found:
        assert answer(found.staging, "SELECT value FROM kept") == 42


def test_the_server_listens_on_no_network_address_and_only_its_owner_reaches_the_socket(state: Path) -> None:
    with databases(state, {}) as found:
        assert answer(found.staging, "SHOW listen_addresses") == ""
        listening = [c for process in processes(state) for c in process.net_connections(kind="inet")]
        assert not listening
        folder = Path(str(answer(found.staging, "SHOW unix_socket_directories")).strip('"'))
        assert folder.stat().st_mode & 0o077 == 0


def test_processes_share_one_server_and_the_last_to_leave_stops_it(state: Path) -> None:
    with databases(state, {}) as found:
        mine = server_pid(state)
        other = start_user(state)
        assert server_pid(state) == mine
    assert answer(found.staging) == 1  # the other one still uses it
    end_user(other)
    assert not processes(state)


def test_an_explicit_stop_stops_it_for_everybody(state: Path) -> None:
    other = start_user(state)
    assert stop(state)
    assert not processes(state)
    assert not stop(state)
    end_user(other)


def test_a_user_killed_with_kill_9_has_left(state: Path) -> None:
    other = start_user(state)
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert processes(state)  # nobody was there to stop it
    with databases(state, {}) as found:
        assert answer(found.staging) == 1
    assert not processes(state)


def test_a_server_killed_with_kill_9_is_started_again_with_its_data(state: Path) -> None:
    with databases(state, {}) as found:
        with engine(found.staging).begin() as connection:
            connection.execute(text("CREATE TABLE kept AS SELECT 42 AS value"))
        os.kill(server_pid(state), signal.SIGKILL)
        with databases(state, {}) as again:
            assert answer(again.staging, "SELECT value FROM kept") == 42


def test_a_pid_file_whose_number_now_belongs_to_another_program_is_no_server(state: Path) -> None:
    with databases(state, {}):
        pass
    pid_file = state / "postgres" / "data" / "postmaster.pid"
    stranger = subprocess.Popen(["sleep", "600"], **({"user": "embedded_postgres"} if os.geteuid() == 0 else {}))
    try:
        pid_file.write_text(f"{stranger.pid}\n{pid_file.parent}\n{int(time.time())}\n5432\n{pid_file.parent}\n\n  0 0\nready   \n")
        with databases(state, {}) as found:
            assert answer(found.staging) == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_processes_that_start_together_find_one_server(state: Path) -> None:
    users = [
        subprocess.Popen([sys.executable, "-c", USER, str(state)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    addresses = {user.stdout.readline() for user in users if user.stdout}
    assert len(addresses) == 1
    for user in users:
        end_user(user)
    assert not processes(state)


def test_a_state_folder_with_a_path_too_long_for_a_socket_works(state: Path) -> None:
    state = state / ("long folder, with 'quotes' " * 5).strip()
    state.mkdir()
    with databases(state, {}) as found:
        assert answer(found.staging) == 1


def test_a_half_made_cluster_is_made_again(state: Path) -> None:
    (state / "postgres" / "data.new").mkdir(parents=True)
    (state / "postgres" / "data.new" / "PG_VERSION").write_text("18\n")
    with databases(state, {}) as found:
        assert answer(found.staging) == 1


def test_a_server_that_cannot_start_is_an_error_with_its_own_words(state: Path) -> None:
    with databases(state, {}):
        pass
    with (state / "postgres" / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write("\nshared_buffers = nonsense\n")
    with pytest.raises(StagingError, match=r"did not start.*shared_buffers"), databases(state, {}):
        pass


def test_a_server_of_your_own_is_used_for_both_and_nothing_is_started(tmp_path: Path, database_url: str) -> None:
    bare = database_url.replace("postgresql+psycopg2", "postgresql")
    with databases(tmp_path / "state", {DATABASE_URL: bare}) as found:
        assert (found.staging, found.dagster, found.embedded) == (database_url, database_url, False)
        assert answer(found.staging) == 1
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("url", "driver"),
    [("postgres://u:p%40w@h/d", "postgresql+psycopg2://u:p%40w@h/d"), ("postgresql://h:1/d", "postgresql+psycopg2://h:1/d")],
)
def test_the_driver_is_always_written_out_and_the_password_kept(url: str, driver: str) -> None:
    assert normalised(url) == driver


@pytest.mark.parametrize("url", ["mysql://h/d", "nonsense", "sqlite:///x.db"])
def test_an_address_that_is_no_postgresql_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(StagingError, match="postgresql://") as caught:
        normalised(url)
    assert url not in str(caught.value)
