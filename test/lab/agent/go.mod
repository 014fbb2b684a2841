module kubevip.dev/operator/test/lab/agent

go 1.26.0

require golang.org/x/sys v0.45.0
