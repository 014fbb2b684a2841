package main

import (
	"strings"
	"testing"
)

func TestSettings(t *testing.T) {
	given := map[string]string{"WITNESS_SEGMENT": "0a1b2c3d", "NODE_NAME": "n1.example", "POD_NAME": "p"}
	s, err := settingsFrom(func(name string) string { return given[name] })
	if err != nil || s.configMap() != "kube-vip-witness.0a1b2c3d" || s.lease() != "kube-vip-witness.0a1b2c3d.n1.example" {
		t.Errorf("got %+v, %v", s, err)
	}
	for name := range given {
		_, err := settingsFrom(func(other string) string {
			if other == name {
				return ""
			}
			return given[other]
		})
		if err == nil || !strings.HasPrefix(err.Error(), name+": expected a name") {
			t.Errorf("without %s: got %v", name, err)
		}
	}
}
