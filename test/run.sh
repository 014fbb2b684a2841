#!/usr/bin/env bash
# Stages of `make test` and its kin, in the order given; all of them run, and the last line adds up their tests.
set -u
totals=$(mktemp)
export TEST_TOTALS=$totals
trap 'rm -f "$totals"' EXIT
failed=()
begin=$SECONDS
npm run --silent build || exit 1
for stage in "$@"; do
  start=$SECONDS
  echo "==> npm run $stage"
  # Without its own build, which each has for those who call it alone.
  npm run --silent --ignore-scripts "$stage" || { failed+=("$stage"); echo "==> $stage FAILED"; }
  echo "==> $stage took $((SECONDS - start)) s"
done
# What is only measured or asked counts no tests.
stages=$(printf '%s\n' "$@" | grep -cvE '^(bench|audit)')
node test/totals.ts "$totals" "$stages" || failed+=(totals)
echo "took $((SECONDS - begin)) s"
# A stage may fail in what comes after its tests, which are then all among those that passed.
[ ${#failed[@]} -eq 0 ] || { echo "FAILED: ${failed[*]}"; exit 1; }
