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
	routes     []route
	holders    map[netip.Addr]int
}

// route is a subnet that can be asked by an interface.
type route struct {
	subnet netip.Prefix
	by     int
}

// NewNode takes the interfaces in the order of the kernel.
func NewNode(interfaces []Interface) Node {
	node := Node{interfaces: interfaces, holders: map[netip.Addr]int{}}
	for i, one := range interfaces {
		self := one.Self()
		for _, prefix := range one.Addresses {
			node.holders[prefix.Addr()] = i
			if one.isAsked(prefix) && self.CanAsk(prefix.Addr()) {
				node.routes = append(node.routes, route{prefix, i})
			}
		}
	}
	return node
}

// isAsked is false for what kube-vip binds: an address with the longest prefix has no neighbours.
func (i Interface) isAsked(prefix netip.Prefix) bool {
	return i.IsUp && i.MAC != (wire.MAC{}) && !prefix.IsSingleIP() && !prefix.Addr().IsLinkLocalUnicast()
}

// Towards is the interface whose subnet an address lies in, the narrowest of them.
func (n Node) Towards(address netip.Addr) (Interface, bool) {
	found, bits := Interface{}, -1
	for _, route := range n.routes {
		if route.subnet.Contains(address) && route.subnet.Bits() > bits {
			found, bits = n.interfaces[route.by], route.subnet.Bits()
		}
	}
	return found, bits >= 0
}

// Within is the interface that has an address in a subnet.
func (n Node) Within(subnet netip.Prefix) (Interface, bool) {
	for _, route := range n.routes {
		if subnet.Contains(route.subnet.Addr()) {
			return n.interfaces[route.by], true
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
