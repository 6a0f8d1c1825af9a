#!/usr/bin/env bash
# flows.sh BUILD: 1,500 runs at once against the outside oracle with 60 kills, two seeds; then 10,000 workflows that nobody wrote.
set -euo pipefail
chaos="$(dirname "$0")/../chaos"
for seed in 1 2; do
  python3 "$chaos/flows.py" "$1/bin/troupe" --runs 1500 --kills 60 --seed "$seed"
done
"$1/tests/unit_workflows" --run_test=random_flows --log_level=message -- --flows 10000
