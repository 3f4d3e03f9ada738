"""PostgreSQL, an S3 server, MLflow and Dagster's storage on this machine, as a cluster has them, for one command.

    python deploy/local_cluster.py                                                 # stay up; Ctrl-C ends it
    python deploy/local_cluster.py -- dagster job execute -m pipelines.definitions -j pipeline
    python deploy/local_cluster.py --keep logs/cluster -- dagster dev -m pipelines.definitions -p 3001

Needs Debian's package ``postgresql`` and the extras ``havoc[pipeline,cluster,dev]``. The S3 server is moto's, which
keeps objects in memory: fit for trials and tests, no more. What runs before the command finds its addresses in the
environment: DAGSTER_HOME, DAGSTER_POSTGRES_URL, MLFLOW_TRACKING_URI, AWS_*.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUCKET = "havoc"
PATIENCE_SECONDS = 180.0


class NotAvailable(Exception):
    """A part is missing here; the message says which, and where it comes from."""


@dataclass
class Cluster:
    """What is running, and how to reach it."""

    environment: dict[str, str]
    postgres: Postgres
    folder: Path

    @property
    def s3(self) -> str:
        return self.environment["AWS_ENDPOINT_URL"]


@dataclass
class Postgres:
    """A PostgreSQL server of its own folder and port, for whoever runs this."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://havoc@127.0.0.1:{self.port}"

    def make(self) -> None:
        """Initialise the folder, where it is new."""
        data = self.folder / "data"
        if data.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._tool(
            "initdb", "-U", "havoc", "-A", "trust", "-E", "UTF8", "--no-sync", "-D", str(data)
        )

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off -k {self.folder}"
        data = str(self.folder / "data")
        log = str(self.folder / "log")
        self._tool("pg_ctl", "-D", data, "-l", log, "-w", "-t", "120", "-o", options, "start")

    def stop(self) -> None:
        with contextlib.suppress(NotAvailable):
            self._tool("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def database(self, name: str) -> str:
        """Make a database, where it is not there; its URL for SQLAlchemy."""
        asked = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"
        base = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "havoc")
        if "1" not in self._tool("psql", *base, "-d", "postgres", "-tAc", asked):
            self._tool("createdb", *base, name)
        # the driver is named: SQLAlchemy's own choice is another one, which is not installed
        return f"{self.url}/{name}".replace("postgresql:", "postgresql+psycopg2:", 1)

    def _tool(self, name: str, *arguments: str) -> str:
        command = [str(_postgres_tools() / name), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        run = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
        if run.returncode:
            said = (run.stderr or run.stdout).strip().splitlines()
            raise NotAvailable(f"{name}: {said[-1] if said else 'failed'}")
        return run.stdout


def _postgres_tools() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    if elsewhere is None:
        raise NotAvailable("no PostgreSQL here; apt-get install postgresql")
    return Path(elsewhere).parent


@contextlib.contextmanager
def running(folder: Path, *, mlflow: bool = True) -> Iterator[Cluster]:
    """Start everything under ``folder``; end it at the end, however that comes."""
    with contextlib.ExitStack() as stack:
        environment = _s3(stack)
        postgres = Postgres(folder / "postgres", _free_port())
        postgres.make()
        stack.callback(postgres.stop)
        postgres.start()
        home = folder / "dagster_home"
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "dagster" / "dagster.yaml", home / "dagster.yaml")
        environment |= {
            "DAGSTER_HOME": str(home.resolve()),
            "DAGSTER_POSTGRES_URL": postgres.database("dagster"),
        }
        if mlflow:
            database = postgres.database("mlflow")
            environment["MLFLOW_TRACKING_URI"] = _mlflow(stack, database, folder, environment)
        yield Cluster(environment, postgres, folder)


def _s3(stack: contextlib.ExitStack) -> dict[str, str]:
    try:
        import boto3
        from moto.server import ThreadedMotoServer
    except ModuleNotFoundError as error:
        raise NotAvailable(f"no {error.name} here; pip install 'havoc[cluster,dev]'") from error
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    stack.callback(server.stop)
    host, port = server.get_host_and_port()
    environment = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "MLFLOW_S3_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local-only",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    client = boto3.client(
        "s3",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        aws_access_key_id="local",
        aws_secret_access_key="local-only",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket=BUCKET)
    return environment


def _mlflow(
    stack: contextlib.ExitStack, database: str, folder: Path, environment: Mapping[str, str]
) -> str:
    port = _free_port()
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", database]
    command += ["--artifacts-destination", f"s3://{BUCKET}/mlflow", "--workers", "1"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    log = stack.enter_context((folder / "mlflow.log").open("w"))
    process = subprocess.Popen(
        command,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        env={**os.environ, **environment, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
    )
    stack.callback(_end, process)
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/health", timeout=2):
            return address
        time.sleep(0.3)
    raise NotAvailable(f"MLflow did not start; see {folder / 'mlflow.log'}")


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, 15)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def main() -> int:
    """Run a command with all of it up; its exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--keep", type=Path, help="folder for PostgreSQL's data; else a temporary one"
    )
    parser.add_argument(
        "command", nargs=argparse.REMAINDER, help="-- COMMAND ...; else it stays up"
    )
    options = parser.parse_args()
    command = [word for i, word in enumerate(options.command) if i or word != "--"]
    with contextlib.ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        if options.keep is None:
            folder.chmod(0o755)  # PostgreSQL runs as another user when this runs as root
        try:
            cluster = stack.enter_context(running(folder.resolve()))
        except NotAvailable as problem:
            print(problem, file=sys.stderr)
            return 2
        for key, value in sorted(cluster.environment.items()):
            print(f"export {key}={value}", flush=True)
        try:
            if command:
                return subprocess.run(command, env={**os.environ, **cluster.environment}).returncode
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main())
