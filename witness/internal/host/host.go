// Package host knows the interfaces of this node: which one leads to an address, and which addresses the node
// has itself. A node's kernel does not answer its own questions, so that is read, not asked.
package host

import (
	"net/netip"

	"kubevip.dev/operator/witness/internal/wire"
)

// Interface is one interface of the node.
type Interface struct {
	Name  string
	Index int
	// MAC is zero where the interface is no Ethernet.
	MAC wire.MAC
	// IsUp is false also for the loopback interface, which leads nowhere.
	IsUp      bool
	Addresses []netip.Prefix
}

// Node is what the kernel says at one moment.
type Node struct {
	interfaces []Interface
	holders    map[netip.Addr]int
}

// NewNode takes the interfaces in the order of the kernel.
func NewNode(interfaces []Interface) Node {
	holders := map[netip.Addr]int{}
	for i, one := range interfaces {
		for _, prefix := range one.Addresses {
			holders[prefix.Addr()] = i
		}
	}
	return Node{interfaces, holders}
}

// Towards is the interface whose subnet an address lies in, the narrowest of them.
func (n Node) Towards(address netip.Addr) (Interface, bool) {
	found, bits := Interface{}, -1
	for _, one := range n.interfaces {
		for _, prefix := range one.subnets() {
			if prefix.Contains(address) && prefix.Bits() > bits {
				found, bits = one, prefix.Bits()
			}
		}
	}
	return found, bits >= 0 && found.Self().CanAsk(address)
}

// Within is the interface that has an address in a subnet.
func (n Node) Within(subnet netip.Prefix) (Interface, bool) {
	for _, one := range n.interfaces {
		for _, prefix := range one.subnets() {
			if subnet.Contains(prefix.Addr()) && one.Self().CanAsk(prefix.Addr()) {
				return one, true
			}
		}
	}
	return Interface{}, false
}

// Holds says whether the node has an address, and by which hardware address its kernel answers for it.
func (n Node) Holds(address netip.Addr) (wire.MAC, bool) {
	i, ok := n.holders[address]
	if !ok {
		return wire.MAC{}, false
	}
	if mac := n.interfaces[i].MAC; mac != (wire.MAC{}) {
		return mac, true
	}
	// An address of the loopback interface is answered for by the interface that the question comes in on.
	towards, _ := n.Towards(address)
	return towards.MAC, true
}

// Self is who asks by this interface.
func (i Interface) Self() wire.Self {
	self := wire.Self{MAC: i.MAC}
	for _, prefix := range i.Addresses {
		if address := prefix.Addr(); address.Is6() && address.IsLinkLocalUnicast() {
			self.LinkLocal = address
		}
	}
	return self
}

// subnets are the networks that can be asked by this interface. An address of its own, as kube-vip binds them
// with the longest prefix, is none.
func (i Interface) subnets() []netip.Prefix {
	if !i.IsUp || i.MAC == (wire.MAC{}) {
		return nil
	}
	var subnets []netip.Prefix
	for _, prefix := range i.Addresses {
		if !prefix.IsSingleIP() && !prefix.Addr().IsLinkLocalUnicast() {
			subnets = append(subnets, prefix)
		}
	}
	return subnets
}
