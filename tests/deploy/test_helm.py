"""Values for Dagster's Helm chart: of the installed version, on what the manifests hold, no password in the file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
TEXT = (DEPLOY / "helm" / "dagster-values.yaml").read_text()
VALUES: dict[str, Any] = yaml.safe_load(TEXT)
[CODE] = VALUES["dagster-user-deployments"]["deployments"]
PINS = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "constraints.txt").read_text(), re.MULTILINE))


def manifests(kind: str) -> dict[str, dict[str, Any]]:
    found = (
        document
        for path in (DEPLOY / "kubernetes").glob("*.yaml")
        for document in yaml.safe_load_all(path.read_text())
    )
    return {d["metadata"]["name"]: d for d in found if d["kind"] == kind}


def test_chart_and_image_are_of_the_locked_dagster() -> None:
    assert re.findall(r"--version (\S+)", TEXT) == [PINS["dagster"]]
    image = (DEPLOY / "Containerfile.pipeline").read_text()
    # Dagster's integrations are released together: the launcher is of one version with the storage
    assert re.findall(r"dagster-k8s==(\S+)", image) == [PINS["dagster-postgres"]]


def test_runs_find_the_clone_and_the_addresses_of_the_manifests() -> None:
    [volume] = CODE["volumes"]
    assert volume["persistentVolumeClaim"]["claimName"] in manifests("PersistentVolumeClaim")
    assert CODE["volumeMounts"] == [{"name": volume["name"], "mountPath": "/srv/havoc"}]
    assert "WORKDIR /srv/havoc" in (DEPLOY / "Containerfile.pipeline").read_text()
    addresses = manifests("ConfigMap")
    [source] = CODE["envConfigMaps"]
    assert source["name"] in addresses
    # the chart sets it; a second value would win and name a folder without the chart's dagster.yaml
    assert "DAGSTER_HOME" not in addresses[source["name"]]["data"]
    assert CODE["includeConfigInLaunchedRuns"]["enabled"] is True


def test_dagster_outside_the_chart_has_its_home_and_no_twin() -> None:
    pods = {n: d for n, d in manifests("Deployment").items() if n.startswith("dagster")}
    assert set(pods) == {"dagster-webserver", "dagster-daemon"}
    for pod in pods.values():
        [container] = pod["spec"]["template"]["spec"]["containers"]
        assert {"name": "DAGSTER_HOME", "value": "/srv/havoc/deploy/dagster"} in container["env"]
    told = re.search(r"kubectl apply .*", TEXT)
    assert told is not None
    assert "kubernetes/dagster.yaml" not in told[0]


def test_passwords_come_from_secrets_and_the_driver_is_named() -> None:
    assert VALUES["generatePostgresqlPasswordSecret"] is False
    assert "postgresqlPassword" not in VALUES["postgresql"]
    assert VALUES["global"]["postgresqlSecretName"] in TEXT.split("\nglobal:")[0]
    assert VALUES["postgresql"]["postgresqlScheme"] == "postgresql+psycopg2"


def test_the_concurrency_is_that_of_the_instance_outside_the_chart() -> None:
    outside = yaml.safe_load((DEPLOY / "dagster" / "dagster.yaml").read_text())["concurrency"]
    inside = VALUES["concurrency"]
    assert inside["runs"]["maxConcurrentRuns"] == outside["runs"]["max_concurrent_runs"]
    assert inside["pools"]["defaultLimit"] == outside["pools"]["default_limit"]
    assert inside["pools"]["granularity"] == outside["pools"]["granularity"]


@pytest.mark.parametrize("part", ["dagsterWebserver", "dagsterDaemon"])
def test_nothing_of_the_chart_runs_as_root(part: str) -> None:
    for pod in (VALUES[part], CODE):
        assert pod["podSecurityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["capabilities"]["drop"] == ["ALL"]
        assert {"requests", "limits"} <= pod["resources"].keys()


def test_the_launcher_takes_its_configuration() -> None:
    launcher = pytest.importorskip("dagster_k8s").K8sRunLauncher
    from dagster import Shape
    from dagster._config import process_config

    given = VALUES["runLauncher"]["config"]["k8sRunLauncher"]
    snake = {re.sub(r"(?<!^)(?=[A-Z0-9])", "_", k).lower(): v for k, v in given.items()}
    config = {
        "service_account_name": "dagster",  # these four are the chart's own
        "instance_config_map": "dagster-instance",
        "dagster_home": "/opt/dagster/dagster_home",
        "postgres_password_secret": VALUES["global"]["postgresqlSecretName"],
        "load_incluster_config": snake["load_incluster_config"],
        "image_pull_policy": snake["image_pull_policy"],
        "fail_pod_on_run_failure": snake["fail_pod_on_run_failure"],
        "run_k8s_config": {
            "pod_spec_config": given["runK8sConfig"]["podSpecConfig"],
            "job_spec_config": given["runK8sConfig"]["jobSpecConfig"],
        },
    }
    made = process_config(Shape(launcher.config_type()), config)
    assert made.success, made.errors
