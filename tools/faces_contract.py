"""An import-linter contract: a room is entered only by the modules that are its faces."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FacesContract(Contract):
    """Outside a room, only its faces may be imported.

    rooms: names of packages under `passport`, those that do not exist are passed over (the floors
           contract says which ones must).
    faces: modules of every room that others may import; a face may be a package.
    also:  further faces of one room, as `room.module`.
    """

    type_name = "faces"

    rooms = fields.ListField(subfield=fields.StringField())
    faces = fields.ListField(subfield=fields.StringField())
    also = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001
        forced = [
            f"{importer} -> {imported} (l.{line})"
            for room in _strings(self.rooms)
            for imported in _private_modules(
                graph, room, [*_strings(self.faces), *_faces_of_one_room(self.also, room)]
            )
            for importer in graph.find_modules_that_directly_import(imported)
            if not _inside(importer, f"passport.{room}")
            for line in _lines(graph, importer, imported)
        ]
        return ContractCheck(kept=not forced, metadata={"forced": sorted(set(forced))})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for entry in check.metadata["forced"]:
            output.print_error(f"- {entry}", bold=False)
        output.new_line()


def _strings(value: object) -> list[str]:
    # import-linter swaps each declared field for its parsed value; the types do not say so
    return [str(item) for item in value] if isinstance(value, list) else []


def _faces_of_one_room(also: object, room: str) -> list[str]:
    return [entry.removeprefix(f"{room}.") for entry in _strings(also) if entry.startswith(room)]


def _private_modules(graph: ImportGraph, room: str, faces: list[str]) -> list[str]:
    package = f"passport.{room}"
    if package not in graph.modules:
        return []
    open_to_all = [f"{package}.{face}" for face in faces]
    return sorted(
        module
        for module in (package, *graph.find_descendants(package))
        if not any(_inside(module, face) for face in open_to_all)
    )


def _inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _lines(graph: ImportGraph, importer: str, imported: str) -> list[int]:
    details = graph.get_import_details(importer=importer, imported=imported)
    return [detail["line_number"] for detail in details]
