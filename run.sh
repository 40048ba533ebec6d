#!/usr/bin/env bash
# Sets up and answers the first question: ./run.sh. Other arguments go to mnv2: ./run.sh count --width 1.4
# Only set up, with further extras of pyproject.toml: ./run.sh --setup [EXTRA...]
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

if [ "${1:-}" = --setup ]; then
    install report "${@:2}"
    echo "installed: .venv/bin/mnv2 --help"
    exit
fi
install report
if [ $# -eq 0 ]; then
    set -- run
fi
exec .venv/bin/mnv2 "$@"
