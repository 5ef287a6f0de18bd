"""What is locked comes from the public registries, and is the same everywhere."""

import json
import re
import tomllib

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.architecture.house import ROOT

PUBLIC_HOSTS = {"pypi.org", "files.pythonhosted.org"}


def test_python_packages_come_from_pypi() -> None:
    text = (ROOT / "uv.lock").read_text(encoding="utf-8")

    assert set(re.findall(r"https?://([^/\"]+)", text)) == PUBLIC_HOSTS


def test_the_lock_file_knows_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    ours = next(package for package in locked if package["name"] == "learning-passport")

    assert _locked(ours["metadata"]["requires-dist"]) == _asked(project["project"]["dependencies"])
    assert _locked(ours["metadata"]["requires-dev"]["dev"]) == _asked(
        project["dependency-groups"]["dev"]
    )


def _asked(requirements: list[str]) -> dict[str, SpecifierSet]:
    parsed = [Requirement(requirement) for requirement in requirements]
    return {canonicalize_name(wanted.name): wanted.specifier for wanted in parsed}


def _locked(entries: list[dict[str, str]]) -> dict[str, SpecifierSet]:
    return {entry["name"]: SpecifierSet(entry.get("specifier", "")) for entry in entries}


def test_every_python_package_is_locked_by_its_hash() -> None:
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    files = [
        file
        for package in locked
        for file in [*package.get("wheels", []), package.get("sdist", {"hash": "none needed"})]
    ]

    assert len(files) > len(locked)
    assert all(file.get("hash") for file in files)


def test_npm_packages_come_from_npm() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    places = [package.get("resolved", "") for package in packages.values()]

    # an address may be left out (npm then asks its registry), but no other may stand there
    assert {place for place in places if place} <= {"tools/no-canvas"} | {
        place for place in places if place.startswith("https://registry.npmjs.org/")
    }


def test_every_npm_package_is_locked_by_its_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    ours = {"", "tools/no-canvas", "node_modules/@napi-rs/canvas"}

    assert [name for name, package in packages.items() if "integrity" not in package] == [
        name for name in packages if name in ours
    ]
