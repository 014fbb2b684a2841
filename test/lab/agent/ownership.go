package main

import "slices"

// ownership remembers who owned what in the last round. It is pure: no clock, no sockets.
type ownership struct {
	vips, nodes []string
	last        [][]string // sorted owners of each VIP; nobody before the first round
}

// change is one VIP whose set of owners differs from the round before.
type change struct {
	vip    string
	owners []string
}

func newOwnership(vips, nodes []string) *ownership {
	return &ownership{vips: vips, nodes: nodes, last: make([][]string, len(vips))}
}

// observe takes a round, holds[node][vip], and returns what changed, in the order of the VIPs.
func (o *ownership) observe(holds [][]bool) []change {
	var changes []change
	for v, vip := range o.vips {
		owners := []string{}
		for n, node := range o.nodes {
			if holds[n][v] {
				owners = append(owners, node)
			}
		}
		slices.Sort(owners)
		if !slices.Equal(owners, o.last[v]) {
			o.last[v] = owners
			changes = append(changes, change{vip, owners})
		}
	}
	return changes
}
