{{- /* Generated from test/chart/values.ts by npm run generate. Do not edit. */ -}}
{{- define "kube-vip-operator.flags" -}}
{{- if ne (toString .Values.options.logLevel) "info" }}
- --log-level={{ .Values.options.logLevel }}
{{- end }}
{{- if ne (toString .Values.options.healthPort) "8081" }}
- --health-port={{ .Values.options.healthPort }}
{{- end }}
{{- if ne (toString .Values.options.metricsPort) "8080" }}
- --metrics-port={{ .Values.options.metricsPort }}
{{- end }}
{{- if ne (toString .Values.options.resyncSeconds) "600" }}
- --resync-seconds={{ .Values.options.resyncSeconds }}
{{- end }}
{{- if ne (toString .Values.options.stuckSeconds) "120" }}
- --stuck-seconds={{ .Values.options.stuckSeconds }}
{{- end }}
{{- if ne (toString .Values.options.lostSeconds) "60" }}
- --lost-seconds={{ .Values.options.lostSeconds }}
{{- end }}
{{- if ne (toString .Values.options.probeAddresses) "true" }}
- --probe-addresses={{ ternary "on" "off" .Values.options.probeAddresses }}
{{- end }}
{{- if ne (toString .Values.options.probeImage) "" }}
- --probe-image={{ .Values.options.probeImage }}
{{- end }}
{{- end }}
