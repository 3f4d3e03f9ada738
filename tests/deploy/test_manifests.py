"""What is deployed is whole: Kubernetes' own schemas, references that resolve, no root, no secret in a file."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
MANIFESTS = [
    (path.stem, document)
    for path in KUBERNETES
    for document in yaml.safe_load_all(path.read_text())
]
PODS = [
    (d["metadata"]["name"], d["spec"]["template"]["spec"])
    for _, d in MANIFESTS
    if d["kind"] == "Deployment"
]
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]


@pytest.mark.parametrize("version", ["1.30", "1.37"])
@pytest.mark.parametrize(
    "manifest",
    [d for _, d in MANIFESTS],
    ids=[f"{d['kind']}/{d['metadata']['name']}" for _, d in MANIFESTS],
)
def test_a_manifest_is_what_kubernetes_takes(manifest: dict[str, Any], version: str) -> None:
    validator = pytest.importorskip("kubernetes_validate")
    validator.validate(manifest, version, strict=True)


def test_the_schema_check_can_fail() -> None:
    validator = pytest.importorskip("kubernetes_validate")
    [wrong] = [d for _, d in MANIFESTS if d["kind"] == "HorizontalPodAutoscaler"]
    wrong = {**wrong, "spec": {**wrong["spec"]}}
    wrong["spec"]["maxReplica"] = 3
    with pytest.raises(validator.ValidationError):
        validator.validate(wrong, "1.37", strict=True)


@pytest.mark.parametrize(("name", "pod"), PODS, ids=[name for name, _ in PODS])
def test_a_pod_is_probed_bounded_and_without_rights(name: str, pod: dict[str, Any]) -> None:
    assert pod["securityContext"]["runAsNonRoot"] is True
    for container in pod["containers"]:
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]
        assert {"requests", "limits"} <= container["resources"].keys()
        assert {"startupProbe", "livenessProbe"} <= container.keys()
        mounted = {m["name"] for m in container.get("volumeMounts", ())}
        assert mounted == {v["name"] for v in pod.get("volumes", ())}


def test_everything_a_manifest_names_is_there() -> None:
    names = {(d["kind"], d["metadata"]["name"]) for _, d in MANIFESTS}
    text = "\n".join(path.read_text() for path in KUBERNETES)
    assert {("PersistentVolumeClaim", n) for n in re.findall(r"claimName: ([\w-]+)", text)} <= names
    assert {("ConfigMap", n) for n in re.findall(r"configMapRef: \{name: ([\w-]+)", text)} <= names
    for _, d in MANIFESTS:
        if d["kind"] == "Service":
            labels = [
                p["spec"]["template"]["metadata"]["labels"]
                for _, p in MANIFESTS
                if p["kind"] == "Deployment"
            ]
            assert any(d["spec"]["selector"].items() <= found.items() for found in labels)
        if d["kind"] == "HorizontalPodAutoscaler":
            assert ("Deployment", d["spec"]["scaleTargetRef"]["name"]) in names


def test_the_autoscaler_reads_a_gauge_that_the_service_has() -> None:
    from prometheus_client import CollectorRegistry

    from havoc.serving.metrics import Metrics

    [scaler] = [d for _, d in MANIFESTS if d["kind"] == "HorizontalPodAutoscaler"]
    [rule] = yaml.safe_load((DEPLOY / "prometheus-adapter.yaml").read_text())["rules"]["custom"]
    assert rule["name"]["as"] == scaler["spec"]["metrics"][0]["pods"]["metric"]["name"]
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    metrics.inside.labels("answers").set(3)
    gauge, labels = re.match(r"(\w+)\{(kind=\"answers\")", rule["seriesQuery"]).groups()
    assert registry.get_sample_value(gauge, {"kind": "answers"}) == 3, labels


def test_compose_waits_for_what_it_needs_and_for_nothing_that_cannot_be_healthy() -> None:
    for name, service in SERVICES.items():
        for other, how in (service.get("depends_on") or {}).items():
            assert other in SERVICES, (name, other)
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], (name, other)
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source.startswith((".", "$")) or source in COMPOSE["volumes"], volume
        assert service["restart"] in ("unless-stopped", "on-failure")
        assert ":" in service["image"], "an image without a tag is another one every day"


def test_compose_listens_on_this_machine_alone_and_holds_no_password() -> None:
    for service in SERVICES.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    text = (DEPLOY / "compose.yaml").read_text()
    assert not re.findall(
        r"(?i)(?:password|secret)\w*[:=] *\"?[a-z0-9]{4,}", text.replace("set it in", "")
    )
    wanted = set(re.findall(r"\$\{(\w+):\?", text))
    given = set(re.findall(r"^(\w+)=", (DEPLOY / "example.env").read_text(), re.MULTILINE))
    assert wanted <= given


def test_the_images_take_what_the_project_declares() -> None:
    project = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text())["project"]
    text = (DEPLOY / "Containerfile.pipeline").read_text()
    extras = re.search(r'"\.\[([\w,]+)\]"', text)
    assert extras is not None
    assert set(extras[1].split(",")) <= set(project["optional-dependencies"])
    assert all(
        "USER 10001" in (DEPLOY / f"Containerfile{s}").read_text() for s in ("", ".pipeline")
    )


@pytest.mark.parametrize("script", sorted(DEPLOY.glob("*.sh")), ids=lambda p: p.name)
def test_a_script_is_plain_shell_and_says_what_is_missing(script: Path) -> None:
    assert subprocess.run(["sh", "-n", str(script)]).returncode == 0
    assert "set -eu" in script.read_text()


def test_the_image_script_refuses_in_one_line(tmp_path: Path) -> None:
    command = ["sh", str(DEPLOY / "build-image.sh"), str(tmp_path / "none.bento")]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 2
    assert run.stderr.strip().endswith("no such bento; run the step 'bento'")
