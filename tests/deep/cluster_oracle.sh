#!/usr/bin/env bash
# cluster_oracle.sh BUILD: three and five nodes under kills, stops (zombies that write), ended sessions and restarts of
# PostgreSQL, all in a storm of moves; then the same judge with each guarantee off, which it must see.
set -euo pipefail
chaos="$(dirname "$0")/../chaos"
python3 "$chaos/cluster_oracle.py" "$1/bin/troupe" --troubles 40 --messages 20000 --seed 1
python3 "$chaos/cluster_oracle.py" "$1/bin/troupe" --troubles 40 --messages 20000 --seed 2 --nodes 5 --own-server
for guarantee in no_dedupe no_fence early_ack open_gate; do
  python3 "$chaos/cluster_oracle.py" "$1/bin/troupe" --blind "$guarantee" --troubles 3 --messages 1500 --forwards 0.5 --seed 7
done
