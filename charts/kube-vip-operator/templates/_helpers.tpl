{{- /* The image of the operator. A digest without a tag is enough: a tag that is older would only mislead. */ -}}
{{- define "kube-vip-operator.image" -}}
{{- $tag := .Values.image.tag }}
{{- if not (or $tag .Values.image.digest) }}{{ $tag = .Chart.AppVersion }}{{ end }}
{{- .Values.image.repository }}{{ with $tag }}:{{ . }}{{ end }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end }}

{{- /* This release, as `name in namespace`. */ -}}
{{- define "kube-vip-operator.release" -}}
{{ .Release.Name }} in {{ .Release.Namespace }}
{{- end }}

{{- /* The release of an object of the cluster, as `name in namespace`. Empty where Helm did not make it. */ -}}
{{- define "kube-vip-operator.ownerOf" -}}
{{- $notes := dig "metadata" "annotations" dict . }}
{{- with get $notes "meta.helm.sh/release-name" }}{{ . }} in {{ get $notes "meta.helm.sh/release-namespace" }}{{ end }}
{{- end }}

{{- /* Not empty where this release makes the Namespace: it is not there, or it is of this release. */ -}}
{{- define "kube-vip-operator.makesNamespace" -}}
{{- $found := lookup "v1" "Namespace" "" "kube-vip-system" }}
{{- if or (not $found) (eq (include "kube-vip-operator.ownerOf" $found) (include "kube-vip-operator.release" .)) }}yes{{ end }}
{{- end }}
