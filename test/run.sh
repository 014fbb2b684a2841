#!/usr/bin/env bash
# Stages of `make test` and its kin, in the order given; all of them run, and the last line adds up their tests.
set -u
totals=$(mktemp)
export TEST_TOTALS=$totals
trap 'rm -f "$totals"' EXIT
failed=0
begin=$SECONDS
npm run --silent build || exit 1
for stage in "$@"; do
  start=$SECONDS
  echo "==> npm run $stage"
  # Without its own build, which each has for those who call it alone.
  npm run --silent --ignore-scripts "$stage" || { failed=1; echo "==> $stage FAILED"; }
  echo "==> $stage took $((SECONDS - start)) s"
done
# What is only measured or asked counts no tests.
stages=$(printf '%s\n' "$@" | grep -cvE '^(bench|audit)')
node test/totals.ts "$totals" "$stages" || failed=1
echo "took $((SECONDS - begin)) s"
exit $failed
