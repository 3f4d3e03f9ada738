"""Where an index lies: a folder, or ``s3://BUCKET/PREFIX``.

The two differ in how the manifest is read and replaced, and in what keeps two updates apart: a folder is locked; in a
bucket the manifest is replaced only if it is still the one that was read (a conditional write), so that of two
updates at once one is told to begin again. S3 is addressed as by Amazon's own tools: AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL for another server than Amazon's.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import lancedb

from havoc.disk import write_whole
from havoc.errors import InputError, first_line

SCHEME = "s3://"


class Location(Protocol):
    """A place that holds one index: LanceDB's tables and small files beside them."""

    def __str__(self) -> str: ...

    def connect(self) -> Any:
        """LanceDB's connection to the place."""

    def read(self, name: str) -> str | None:
        """The text of a file; None where there is none."""

    def replace(self, name: str, text: str) -> None:
        """Replace a file, whole or not at all."""

    def alone(self) -> Any:
        """A context in which no other update of this place begins, as far as the place can tell."""


def locate(where: Path | str) -> Location:
    """The location of a path or an ``s3://`` address."""
    return Bucket(str(where)) if str(where).startswith(SCHEME) else Folder(Path(where))


class Folder:
    """A folder of this machine."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __str__(self) -> str:
        return str(self.path)

    def connect(self) -> Any:
        return lancedb.connect(self.path)

    def read(self, name: str) -> str | None:
        path = self.path / name
        return path.read_text() if path.is_file() else None

    def replace(self, name: str, text: str) -> None:
        write_whole(self.path / name, text)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder's lock: two updates at once would both add the same document."""
        with (self.path / ".update.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise InputError(
                    f"{self}: another process updates this index; wait for it"
                ) from None
            yield


class Bucket:
    """A prefix of a bucket of S3.

    Raises
    ------
    InputError
        If the address names no bucket, boto3 is not installed, or the server does not answer.
    """

    def __init__(self, address: str) -> None:
        bucket, _, prefix = address.removeprefix(SCHEME).partition("/")
        if not bucket or not prefix.strip("/"):
            raise InputError(f"{address}: expected s3://BUCKET/PREFIX")
        try:
            import boto3
        except ImportError:
            raise InputError(f"{address}: needs boto3; run pip install 'havoc[cluster]'") from None
        self.bucket, self.prefix = bucket, prefix.strip("/")
        self._client = boto3.client("s3")
        self._seen: dict[str, str] = {}  # ETag of each file as it was read

    def __str__(self) -> str:
        return f"{SCHEME}{self.bucket}/{self.prefix}"

    def connect(self) -> Any:
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        options = {"aws_region": self._client.meta.region_name or "us-east-1"}
        if endpoint:
            options |= {
                "aws_endpoint": endpoint,
                "allow_http": str(endpoint.startswith("http://")).lower(),
                "aws_virtual_hosted_style_request": "false",
            }
        return lancedb.connect(str(self), storage_options=options)

    def read(self, name: str) -> str | None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            found = self._client.get_object(Bucket=self.bucket, Key=f"{self.prefix}/{name}")
        except ClientError as error:
            self._seen.pop(name, None)
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise InputError(f"{self}: {first_line(error)}") from error
        except BotoCoreError as error:
            raise InputError(f"{self}: {first_line(error)}") from error
        self._seen[name] = str(found["ETag"])
        return str(found["Body"].read().decode())

    def replace(self, name: str, text: str) -> None:
        from botocore.exceptions import ClientError

        known = self._seen.get(name)
        condition = {"IfMatch": known} if known else {"IfNoneMatch": "*"}
        try:
            stored = self._client.put_object(
                Bucket=self.bucket, Key=f"{self.prefix}/{name}", Body=text.encode(), **condition
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in (
                "PreconditionFailed",
                "ConditionalRequestConflict",
            ):
                raise overtaken(self) from error
            raise InputError(f"{self}: {first_line(error)}") from error
        self._seen[name] = str(stored["ETag"])

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nothing to hold: who comes second is told when it replaces the manifest."""
        yield


def overtaken(place: Location) -> InputError:
    """Another process changed the index while this one did."""
    return InputError(f"{place}: another process changed this index meanwhile; run it again")
