#!/usr/bin/env bash
# Sets up, then lints, checks types and tests: ./test.sh. Arguments go to pytest, which then runs alone:
# ./test.sh tests/arch -k width
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

install dev notebooks report
export OMP_NUM_THREADS=1 # two threads that wait for each other on a busy machine cost a hundredfold
if [ $# -eq 0 ]; then
    .venv/bin/python -m ruff check .
    .venv/bin/python -m ruff format --check .
    PYRIGHT_PYTHON_IGNORE_WARNINGS=1 .venv/bin/python -m pyright
    set -- -n $(($(nproc) + 1)) --dist worksteal # some tests wait, for Ray or for a killed process
fi
exec .venv/bin/python -m pytest "$@"
