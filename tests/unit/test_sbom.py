"""`make sbom` names every package of the lock, in CycloneDX, and the public workflow makes the same."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]
WORKFLOW: Final = ROOT / ".github" / "workflows" / "check.yml"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the words of the Makefile write."""
    # Not through `make`, which makes the environment anew first; the set-up puts uv here.
    uv = ROOT / ".uv" / "bin" / "uv"
    program = str(uv) if uv.exists() else shutil.which("uv")
    if program is None:
        pytest.skip("no uv: the set-up makes one")
    file = tmp_path_factory.mktemp("sbom") / "bohari.cdx.json"
    words = [part.replace("$(SBOM)", str(file)) for part in words_of_the_makefile()]
    subprocess.run([program, *words], cwd=ROOT, check=True, capture_output=True, timeout=120)
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def words_of_the_makefile() -> list[str]:
    told = re.search(r"^sbom: setup\n\t@\.uv/bin/uv (.*) >/dev/null$", (ROOT / "Makefile").read_text(), re.M)
    assert told is not None
    return told[1].split()


def locked() -> dict[str, str]:
    with (ROOT / "uv.lock").open("rb") as file:
        packages = tomllib.load(file)["package"]
    return {one["name"]: one["version"] for one in packages if "registry" in one["source"]}


def test_it_names_every_locked_package_with_its_version_and_hashes(written: dict[str, Any]) -> None:
    components = {one["name"]: one for one in written["components"]}
    assert {name: one["version"] for name, one in components.items()} == locked()
    for name, one in components.items():
        assert one["purl"].split(";")[0].startswith(f"pkg:pypi/{name}@"), one["purl"]
        files = [file for file in one["externalReferences"] if file["type"] == "distribution"]
        assert files, name
        assert all(
            digest["alg"] == "SHA-256" and re.fullmatch(r"[0-9a-f]{64}", digest["content"])
            for file in files
            for digest in file["hashes"]
        )


def test_it_is_cyclonedx_and_whole(written: dict[str, Any]) -> None:
    assert (written["bomFormat"], written["specVersion"], written["version"]) == ("CycloneDX", "1.5", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", written["serialNumber"])
    references = [one["bom-ref"] for one in (written["metadata"]["component"], *written["components"])]
    assert len(set(references)) == len(references)
    named = {one["ref"] for one in written["dependencies"]}
    named |= {ref for one in written["dependencies"] for ref in one.get("dependsOn", ())}
    assert named <= set(references)


def test_the_workflow_audits_what_is_locked_and_makes_the_same_list() -> None:
    steps = re.findall(r"- run: (.*)", WORKFLOW.read_text(encoding="utf-8"))
    same = " ".join(words_of_the_makefile()).replace("$(SBOM)", "bohari.cdx.json")
    assert f"uv {same}" in steps
    assert any(step.startswith("uvx pip-audit --requirement requirements.txt") for step in steps)
    assert any(step.startswith("uvx bandit --recursive pos_app sync --severity-level high") for step in steps)
