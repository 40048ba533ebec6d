#!/usr/bin/env bash
# Sets up, then lints, checks types and tests; arguments go to pytest: ./test.sh tests/arch -k width
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

install "${EXTRAS:-dev,report}"
export OMP_NUM_THREADS=1 # two threads that wait for each other on a busy machine cost a hundredfold
if [ $# -eq 0 ]; then
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .
    .venv/bin/pyright
fi
exec .venv/bin/pytest "$@"
