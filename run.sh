#!/usr/bin/env bash
# Sets up and answers the first question: ./run.sh. Other arguments go to mnv2: ./run.sh count --width 1.4
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

install report
case "${1:-}" in
--setup) echo "installed: .venv/bin/mnv2 --help" ;;
"") exec .venv/bin/mnv2 run ;;
*) exec .venv/bin/mnv2 "$@" ;;
esac
