# Sourced by run.sh and test.sh: makes .venv and installs the project into it, once for each change of its pins.

set -euo pipefail
trap 'exit 130' INT # uv and pip may end an interrupted installation with any status
cd "$(dirname "${BASH_SOURCE[0]}")"

STAMP=.venv/installed # what was installed, then which extras; absent until an installation is complete

fail() {
    echo "$(basename "$0"): $1" >&2
    exit 1
}

recent() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

make_environment() {
    local python
    recent .venv/bin/python && return
    if command -v uv >/dev/null && uv venv -q --seed --clear --python '>=3.11' .venv 2>/dev/null; then
        return
    fi
    for python in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3 python; do
        if recent "$python"; then
            "$python" -m venv --clear .venv || fail "cannot make .venv (see above): check free space and $python -m venv"
            return
        fi
    done
    fail "no Python >= 3.11 found: install one, or name it: PYTHON=/path/to/python $0"
}

# What an installation depends on; the folder, because scripts in .venv name it.
fingerprint() {
    { .venv/bin/python -VV && pwd && cat pyproject.toml constraints.txt; } | cksum
}

# install EXTRA...: also keeps the extras of earlier calls.
install() {
    local extra extras key="" have="" quiet=-q
    if [ -f $STAMP ] && recent .venv/bin/python; then
        { read -r key && read -r have; } <$STAMP || true
    fi
    extras=$(printf '%s\n' "$@" ${have//,/ } | sort -u | paste -sd, -)
    if [ "$extras" = "$have" ] && [ "$key" = "$(fingerprint)" ]; then
        return
    fi
    for extra in "$@"; do
        grep -q "^$extra = \[" pyproject.toml || fail "no extra '$extra': pyproject.toml lists them"
    done
    if [ ! -w . ] || { [ -e .venv ] && [ ! -w .venv ]; }; then
        fail "cannot write to $PWD or its .venv: change the permissions, or use a copy of your own"
    fi
    rm -f $STAMP
    make_environment
    echo "installing into .venv ($extras): some minutes the first time" >&2
    [ -t 2 ] && quiet=
    # uv does not read pip's settings; where it fails, pip may still find what it needs.
    if command -v uv >/dev/null && UV_FIND_LINKS=${UV_FIND_LINKS:-${PIP_FIND_LINKS:-}} \
        uv pip install $quiet --python .venv/bin/python -c constraints.txt -e ".[$extras]" >&2; then
        :
    else
        .venv/bin/python -m pip install $quiet --disable-pip-version-check -c constraints.txt -e ".[$extras]" >&2 ||
            fail "the installation failed (see above): check the network and free space, then run $0 again"
    fi
    printf '%s\n' "$(fingerprint)" "$extras" >$STAMP
}
