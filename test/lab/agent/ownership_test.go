package main

import (
	"reflect"
	"testing"
)

func TestObserve(t *testing.T) {
	type round = [][]bool // holds[node][vip]; nodes n2, n1 and VIPs a, b
	nobody := round{{false, false}, {false, false}}
	n1HasA := round{{false, false}, {true, false}}
	cases := []struct {
		name   string
		rounds []round
		want   []change // of the last round
	}{
		{"says nothing while nobody owns anything", []round{nobody}, nil},
		{"reports the first owner", []round{n1HasA}, []change{{"a", []string{"n1"}}}},
		{"says nothing while the owner stays", []round{n1HasA, n1HasA}, nil},
		{"reports that the last owner is gone", []round{n1HasA, nobody}, []change{{"a", []string{}}}},
		{"reports both owners, sorted by name", []round{n1HasA, {{true, false}, {true, false}}},
			[]change{{"a", []string{"n1", "n2"}}}},
		{"reports a move between two rounds as one change", []round{n1HasA, {{true, false}, {false, false}}},
			[]change{{"a", []string{"n2"}}}},
		{"keeps the VIPs apart", []round{n1HasA, {{false, true}, {true, false}}}, []change{{"b", []string{"n2"}}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			state := newOwnership([]string{"a", "b"}, []string{"n2", "n1"})
			var got []change
			for _, holds := range c.rounds {
				got = state.observe(holds)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Fatalf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestParseSample(t *testing.T) {
	_, err := parseSample([]string{"--vip", "203.0.113.9", "--vip", "2001:db8::9", "--node", "n1=/run/netns/n1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]string{
		{"--vip", "203.0.113.9"},
		{"--node", "n1=/run/netns/n1"},
		{"--vip", "vip.example", "--node", "n1=/run/netns/n1"},
		{"--vip", "203.0.113.9", "--node", "n1"},
	} {
		if _, err := parseSample(bad); err == nil {
			t.Errorf("%v: expected an error", bad)
		}
	}
}
