#!/usr/bin/env bash
# Every level of test, in order; all of them run, and the last line adds them up.
set -u
totals=$(mktemp)
export TEST_TOTALS=$totals
trap 'rm -f "$totals"' EXIT
failed=0
for stage in verify test:alerts test:api test:lab; do
  start=$SECONDS
  echo "==> npm run $stage"
  npm run --silent "$stage" || { failed=1; echo "==> $stage FAILED"; }
  echo "==> $stage took $((SECONDS - start)) s"
done
node test/totals.ts "$totals" || failed=1
exit $failed
