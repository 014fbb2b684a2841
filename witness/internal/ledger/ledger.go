package ledger

import "net/netip"

// Ledger has an entry for each address that is asked.
type Ledger map[netip.Addr]*Entry

// Keep forgets all addresses but these, and begins with those that are new.
func (l Ledger) Keep(addresses []netip.Addr) {
	kept := make(map[netip.Addr]bool, len(addresses))
	for _, address := range addresses {
		kept[address] = true
		if l[address] == nil {
			l[address] = &Entry{}
		}
	}
	for address := range l {
		if !kept[address] {
			delete(l, address)
		}
	}
}
