package main

import "fmt"

// settings are what the operator puts into the environment of a witness.
type settings struct {
	segment, node, pod string
}

func settingsFrom(environment func(string) string) (settings, error) {
	s := settings{
		segment: environment("WITNESS_SEGMENT"),
		node:    environment("NODE_NAME"),
		pod:     environment("POD_NAME"),
	}
	for name, value := range map[string]string{"WITNESS_SEGMENT": s.segment, "NODE_NAME": s.node, "POD_NAME": s.pod} {
		if value == "" {
			return s, fmt.Errorf("%s: expected a name in the environment, found none; the operator sets it in the DaemonSet", name)
		}
	}
	return s, nil
}

const prefix = "kube-vip-witness."

// configMap is where the questions are.
func (s settings) configMap() string { return prefix + s.segment }

// lease is where the answers go.
func (s settings) lease() string { return prefix + s.segment + "." + s.node }
