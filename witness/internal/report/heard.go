package report

import (
	"net/netip"
	"slices"

	"kubevip.dev/operator/witness/internal/contract"
	"kubevip.dev/operator/witness/internal/wire"
)

// Remember adds a claim that nothing asked for, and forgets the oldest when there are too many.
func Remember(heard []contract.Heard, address netip.Addr, mac wire.MAC, now int64) []contract.Heard {
	one := contract.Heard{Address: address, MAC: mac.String(), At: now}
	others := slices.DeleteFunc(slices.Clone(heard), func(h contract.Heard) bool {
		return h.Address == one.Address && h.MAC == one.MAC
	})
	all := append(others, one)
	return all[max(0, len(all)-contract.MostHeard):]
}
