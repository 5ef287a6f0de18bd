#!/bin/sh
# Makes everything that `make demo` and `make test` need, inside this folder:
#   .tools/  uv, from PyPI            .venv/  Python packages, as uv.lock says
#   node_modules/ and passport/web/static/built/, made with a Node that comes from PyPI too
# Quick when there is nothing to do. What pip and uv are told by PIP_* and UV_* holds here as well.
set -eu
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
LOG=.tools/set-up.log

main() {
    mkdir -p .tools 2>/dev/null || stop "This folder cannot be written to: $(pwd)"
    trust_what_this_machine_trusts
    unset VIRTUAL_ENV # somebody else's environment is not to be changed
    install_uv
    install_packages
    build_browser_parts_and_translations
}

trust_what_this_machine_trusts() {
    # pip's own certificate setting is passed on to uv; and unless told otherwise, uv trusts the
    # system's certificates where there are any: schools and offices often have one of their own.
    if [ -n "${PIP_CERT:-}" ] && [ -z "${SSL_CERT_FILE:-}" ]; then
        export SSL_CERT_FILE="$PIP_CERT"
    fi
    if [ -z "${UV_SYSTEM_CERTS:-}" ] && has_system_certificates; then
        export UV_SYSTEM_CERTS=true
    fi
}

has_system_certificates() {
    for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt \
        /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem; do
        [ -s "$bundle" ] && return 0
    done
    return 1
}

install_uv() {
    if [ "$(.tools/uv/bin/uv --version 2>/dev/null | cut -d ' ' -f 2)" = "$UV_VERSION" ]; then
        return
    fi
    say "Installing uv $UV_VERSION into .tools"
    rm -rf .tools/uv
    make_environment || stop "A Python 3.8 or newer that can make virtual environments is needed: install python3 and python3-venv."
    log .tools/uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" ||
        stop "uv could not be installed from PyPI."
}

make_environment() {
    # The first Python that can is good enough: it only has to install uv.
    for python in python3 $(pythons_by_preference) python; do
        if log "$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' &&
            log "$python" -m venv --clear .tools/uv; then
            return 0
        fi
    done
    return 1
}

install_packages() {
    if [ -z "${UV_PYTHON:-}" ]; then
        choose_python
    fi
    say_unless_done "Installing Python packages into .venv"
    log .tools/uv/bin/uv sync --frozen --quiet || stop "The Python packages could not be installed."
    touch .venv/.set-up
}

choose_python() {
    # An environment that works is kept. Else: one that is on this machine, tried by running it
    # (pyenv leaves commands on the PATH that only say "not found"); else one that uv brings.
    if .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
        export UV_PYTHON=.venv/bin/python
        return
    fi
    for python in $(pythons_by_preference); do
        if "$python" -c 'import sys, venv, ssl, sqlite3; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
            export UV_PYTHON="$python"
            return
        fi
    done
    say "No Python 3.12 or newer here: uv downloads one"
    log .tools/uv/bin/uv python install 3.13 ||
        stop "Python 3.12 or newer (3.13 is best) is needed: none was found on the PATH, in uv's folder or in pyenv's, and none could be downloaded."
    export UV_PYTHON=3.13
}

pythons_by_preference() {
    for version in 3.13 3.14 3.12 3.15; do
        command -v "python$version" || true
        for home in "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".* \
            "${UV_PYTHON_INSTALL_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/uv/python}/cpython-$version".*; do
            [ -x "$home/bin/python$version" ] && echo "$home/bin/python$version"
        done
    done
    command -v python3 || true
}

build_browser_parts_and_translations() {
    # Shown whole: whoever edits a script or a style sheet reads their mistakes here.
    .venv/bin/python -m tools.build 2>>"$LOG" || {
        tail -n 40 "$LOG" >&2
        stop "The browser parts or the translations could not be built."
    }
}

say() {
    echo "· $1"
}

say_unless_done() {
    [ -e .venv/.set-up ] || say "$1 ($UV_PYTHON)"
}

log() {
    "$@" >>"$LOG" 2>&1
}

stop() {
    if grep -q "No space left on device" "$LOG" 2>/dev/null; then
        echo "The disk is full: $(pwd) needs about 1 GB. ($(df -h . | awk 'END { print $4 }') free.)" >&2
    else
        echo "$1 (More in $LOG.)" >&2
    fi
    exit 1
}

# A fresh log each time; a full disk may refuse even that, and is told of later.
mkdir -p .tools 2>/dev/null && : >"$LOG" || true
main
