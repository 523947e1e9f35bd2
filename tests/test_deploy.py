"""The files that others start the program with name what the program has."""

import re
from itertools import chain
from pathlib import Path

import pytest
import typer
import yaml

import gateways
from data.settings import Settings, load_settings
from service.access.security import OPEN, check_host

ROOT = Path(__file__).parents[1]
PORT = Settings.model_fields["port"].default
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
OBJECTS = [
    found
    for file in sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
    for found in yaml.safe_load_all(file.read_text())
]
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "gateways"}
PODS = {
    found["metadata"]["name"]: found["spec"]["template"]["spec"]
    for found in OBJECTS
    if found["kind"] in ("Deployment", "Job")
}
(CONFIG,) = (found for found in OBJECTS if found["kind"] == "ConfigMap")


def said_in_image(name):
    return re.search(rf"^(?:ENV .*|    ){name}=(\S+)", DOCKERFILE, re.MULTILINE)[1]


def in_compose(service):
    said = {name: str(value) for name, value in service["environment"].items()}
    return {name: re.sub(r"\$\{\w+:\?[^}]*\}", "x" * 32, value) for name, value in said.items()}


def in_kubernetes(pod):
    (container,) = pod["containers"]
    secret = {one["name"]: "x" * 32 for one in container["env"]}
    assert container["envFrom"] == [{"configMapRef": {"name": CONFIG["metadata"]["name"]}}]
    return CONFIG["data"] | secret


@pytest.mark.parametrize(
    "environment",
    [*map(in_compose, OURS.values()), *map(in_kubernetes, PODS.values())],
    ids=[*OURS, *PODS],
)
def test_every_variable_is_a_setting_with_a_value_that_holds(environment, monkeypatch):
    environment = environment | {"GATEWAYS_HOST": said_in_image("GATEWAYS_HOST")}
    names = {name.removeprefix("GATEWAYS_").lower() for name in environment}
    assert names <= set(Settings.model_fields)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    if "api_key" in names:
        check_host(settings)
    assert settings.database_url


def test_what_is_run_are_commands_of_the_program():
    command = re.search(r"^CMD (.*)$", DOCKERFILE, re.MULTILINE)[1]
    run = {yaml.safe_load(command)[0], *(one.get("command", "serve") for one in OURS.values())}
    run |= {pod["containers"][0]["args"][0] for pod in PODS.values()}
    assert run == {"serve", "index"}
    assert run <= set(typer.main.get_command(gateways.app).commands)


def test_ports_and_probes_are_those_of_the_program():
    (container,) = PODS["gateways"]["containers"]
    probes = [container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")]
    assert [probe["path"] for probe in probes] == ["/healthz", "/healthz", "/readyz"]
    assert {probe["path"] for probe in probes} == OPEN
    (named,) = container["ports"]
    assert named["containerPort"] == PORT
    (service,) = (found for found in OBJECTS if found["kind"] == "Service")
    assert {named["name"], *(probe["port"] for probe in probes)} == {"http"}
    assert service["spec"]["ports"][0]["targetPort"] == "http"
    assert f"EXPOSE {PORT}\n" in DOCKERFILE
    asked = COMPOSE["x-server"]["healthcheck"]["test"][-1]
    assert f"http://127.0.0.1:{PORT}/readyz" in asked
    proxy = (ROOT / "deploy" / "haproxy.cfg").read_text()
    servers = {name for name, one in OURS.items() if "command" not in one}
    assert set(re.findall(rf"^    server \w+ ([\w-]+):{PORT}$", proxy, re.MULTILINE)) == servers


def test_the_services_of_kubernetes_find_their_pods():
    (deployment,) = (found for found in OBJECTS if found["kind"] == "Deployment")
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    (service,) = (found for found in OBJECTS if found["kind"] == "Service")
    (budget,) = (found for found in OBJECTS if found["kind"] == "PodDisruptionBudget")
    selectors = [service["spec"]["selector"], budget["spec"]["selector"]["matchLabels"]]
    assert [*selectors, deployment["spec"]["selector"]["matchLabels"]] == [labels] * 3
    # Its variables would be taken for settings, GATEWAYS_PORT among them.
    assert not any(pod["enableServiceLinks"] for pod in PODS.values())


def test_all_run_as_nobody_special_and_write_to_the_workspace_alone():
    user, home = re.search(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE)[1], said_in_image("HOME")
    workspace = said_in_image("GATEWAYS_HOME")
    for pod in PODS.values():
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["runAsUser"] == int(user)
        assert container["securityContext"]["readOnlyRootFilesystem"]
        mounts = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
        assert mounts == {"home": workspace, "tmp": home}
        claims = (one.get("persistentVolumeClaim", {}).get("claimName") for one in pod["volumes"])
        kept = {one["metadata"]["name"] for one in OBJECTS if "Claim" in one["kind"]}
        assert set(filter(None, claims)) == kept
    for service in OURS.values():
        assert service["read_only"]
        assert service["tmpfs"] == home
        assert service["volumes"] == [f"home:{workspace}"]


def test_the_image_is_made_of_what_is_there_and_is_let_in():
    copied = re.findall(r"^COPY (?!--)(.*) \S+$", DOCKERFILE, re.MULTILINE)
    sources = set(chain.from_iterable(map(str.split, copied)))
    let_in = (ROOT / ".dockerignore").read_text().split()
    assert sources == {line[1:] for line in let_in if line.startswith("!")}
    assert all((ROOT / source).exists() for source in sources)
