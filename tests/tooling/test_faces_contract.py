"""The contract that keeps rooms private lets faces through, and nothing else."""

import pytest
from grimp import ImportGraph

from tools.faces_contract import FacesContract


def _contract() -> FacesContract:
    options = {"rooms": ["people", "sync"], "faces": ["actions"], "also": ["sync.manifest"]}
    return FacesContract(
        name="faces",
        session_options={"root_packages": ["passport"]},
        contract_options={"name": "faces", "type": "faces", **options},
    )


def _graph(importer: str, imported: str) -> ImportGraph:
    graph = ImportGraph()
    for module in ("passport", "passport.people", "passport.sync", importer, imported):
        graph.add_module(module)
    graph.add_import(importer=importer, imported=imported, line_number=7, line_contents="import it")
    return graph


@pytest.mark.parametrize(
    ("importer", "imported", "kept"),
    [
        ("passport.web.home", "passport.people.actions", True),
        ("passport.web.home", "passport.people.actions.register", True),
        ("passport.web.home", "passport.people.actions_of_old", False),
        ("passport.web.home", "passport.people.engine", False),
        ("passport.web.home", "passport.people.engine.codes", False),
        ("passport.web.home", "passport.people", False),
        ("passport.people.actions", "passport.people.engine", True),
        ("passport.people_counter", "passport.people.engine", False),
        ("passport.cli.carry", "passport.sync.manifest", True),
        ("passport.cli.carry", "passport.people.manifest", False),
        ("passport.web.home", "passport.kernel.ids", True),
    ],
)
def test_a_room_is_entered_by_its_faces(importer: str, imported: str, *, kept: bool) -> None:
    check = _contract().check(_graph(importer, imported), verbose=False)

    assert check.kept is kept
    assert check.metadata["forced"] == ([] if kept else [f"{importer} -> {imported} (l.7)"])
