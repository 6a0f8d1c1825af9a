#!/usr/bin/env bash
# cluster_oracle.sh BUILD: three and five nodes under kills, stops and a storm of moves.
set -euo pipefail
chaos="$(dirname "$0")/../chaos"
python3 "$chaos/cluster_oracle.py" "$1/bin/troupe" --kills 40 --messages 20000 --seed 1
python3 "$chaos/cluster_oracle.py" "$1/bin/troupe" --kills 40 --messages 20000 --seed 2 --nodes 5
