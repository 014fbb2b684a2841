{{- /* Generated from test/chart/schema.ts by npm run generate. Do not edit. */ -}}
{{- define "kube-vip-operator.reservedLabels" -}}
["app.kubernetes.io/name","app.kubernetes.io/managed-by","pod-security.kubernetes.io/enforce","grafana_dashboard"]
{{- end }}
