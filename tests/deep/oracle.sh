#!/usr/bin/env bash
# oracle.sh BUILD: 60 kills over 200 senders and 50 receivers, three seeds, one of them with rivals; two more on PostgreSQL,
# with its restarts and cuts; then every fault point, at a later passage each time.
set -euo pipefail
chaos="$(dirname "$0")/../chaos"
for seed in 1 2 3; do
  rivals=$([ "$seed" = 3 ] && echo --rivals || true)
  python3 "$chaos/oracle.py" "$1/bin/troupe" --kills 60 --messages 24000 --seed "$seed" --nap-ms 2000 $rivals
done
for seed in 4 5; do
  rivals=$([ "$seed" = 5 ] && echo --rivals || true)
  python3 "$chaos/oracle.py" "$1/bin/troupe" --postgres --kills 60 --messages 24000 --seed "$seed" --nap-ms 2000 $rivals
done
for passes in 1 20 100; do
  python3 "$chaos/crash_points.py" "$1/bin/troupe" "$chaos/../.." --passes "$passes" --seed "$passes"
done
