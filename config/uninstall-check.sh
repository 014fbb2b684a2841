#!/bin/sh
# May everything go now? `kubectl delete -k config/default` takes rights and the CRD away while kube-vip runs, and leaves a
# KubeVipConfig that nobody can finish. This follows docs/deletion.md, and ends with 1 when a step before is still open.
#   sh config/uninstall-check.sh [options of kubectl, for example --context lab]
set -eu
namespace=kube-vip-system
open=0

say() {
  echo "$1" >&2
  open=1
}

# Names, one a line; nothing where the kind is not served. Any other failure ends the check: what cannot be asked is not gone.
names() {
  if ! out=$(kubectl "$@" -o name 2>&1); then
    case $out in
      *"doesn't have a resource type"* | *"NotFound"* | *"could not find the requested resource"*) return 0 ;;
      *) echo "kubectl $*: expected an answer, found: $out; check the connection and your rights" >&2; exit 2 ;;
    esac
  fi
  case $out in "No resources found"*) return 0 ;; esac
  [ -z "$out" ] || echo "$out"
}

list() { tr '\n' ' ' | sed 's/ $//'; }

configs=$(names get kubevipconfigs.kubevip.dev "$@") || exit 2
if [ -n "$configs" ]; then
  say "KubeVipConfigs: expected none, found $(echo "$configs" | list); kubectl delete kubevipconfig --all, and wait"
  ready=$(kubectl get deployment kube-vip-operator -n "$namespace" -o 'jsonpath={.status.readyReplicas}' "$@" 2> /dev/null || true)
  [ "${ready:-0}" -gt 0 ] 2> /dev/null ||
    say "Deployment $namespace/kube-vip-operator: expected a ready replica, found none; only it ends a deletion: kubectl apply -k config/default"
fi

daemonsets=$(names get daemonsets -n "$namespace" -l app.kubernetes.io/managed-by=kube-vip-operator "$@") || exit 2
[ -z "$daemonsets" ] || say "DaemonSets in $namespace: expected none, found $(echo "$daemonsets" | list); wait until they are gone"

pods=$(names get pods -n "$namespace" -l app.kubernetes.io/managed-by=kube-vip-operator "$@") || exit 2
[ -z "$pods" ] || say "Pods in $namespace: expected none of kube-vip, found $(echo "$pods" | list); wait until they are gone"

[ "$open" = 0 ] || exit 1
echo 'Nothing runs any more. Now: kubectl delete -k config/default --ignore-not-found'
