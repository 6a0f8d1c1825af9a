#!/usr/bin/env bash
# small_store.sh BUILD: 1,000,000 short-lived senders through one agent, and one agent to 1,000,000 short-lived
# receivers; each must leave the store small (CORE.md §2). ctest runs the same with fewer.
set -euo pipefail
"$1/tests/unit_storage" --run_test='*/short_lived_*' --report_level=short -- million
