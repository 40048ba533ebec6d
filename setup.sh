# Sourced by run.sh and test.sh: makes .venv and installs the project into it, once for each change of its pins.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

fail() {
    echo "$1" >&2
    exit 1
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    fail "no Python >= 3.11 found: install one, or name it: PYTHON=/path/to/python $0"
}

# install EXTRA[,EXTRA...]: the stamp names what is installed, so that a later call with other extras adds them.
install() {
    local extras=$1 stamp=.venv/.installed-$1 key python
    key=$(cat pyproject.toml constraints.txt | cksum)
    if [ "$(cat "$stamp" 2>/dev/null)" = "$key" ]; then
        return
    fi
    python=$(find_python)
    echo "installing into .venv ($extras): some minutes the first time"
    [ -x .venv/bin/python ] || "$python" -m venv .venv || fail "cannot make .venv here: check permissions and free space"
    if command -v uv >/dev/null && uv pip install --python .venv/bin/python -c constraints.txt -e ".[$extras]"; then
        :
    else # also where uv does not see the indexes and wheels that pip is configured with
        .venv/bin/python -m pip install --disable-pip-version-check -q -c constraints.txt -e ".[$extras]" ||
            fail "the installation failed (see above): check the network and free space, then run $0 again"
    fi
    echo "$key" >"$stamp"
}
