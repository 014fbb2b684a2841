package main

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/netip"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// address is one VIP on one interface of this node.
type address struct {
	link   string
	prefix netip.Prefix
}

func (a address) String() string { return a.prefix.String() + " on " + a.link }

// network is what the announcer needs of the node.
type network interface {
	has(address) (bool, error)
	add(address) error
	remove(address) error
	announce(address) error
}

// kernel is the node's real network.
type kernel struct{}

// findLink returns the named interface, or that of the default route; it must be up.
func findLink(name string) (string, error) {
	link, err := namedOrDefault(name)
	if err != nil {
		return "", err
	}
	if link.Attrs().Flags&net.FlagUp == 0 {
		return "", fmt.Errorf("interface %s is not up", link.Attrs().Name)
	}
	return link.Attrs().Name, nil
}

func namedOrDefault(name string) (netlink.Link, error) {
	if name != "" {
		link, err := netlink.LinkByName(name)
		if err != nil {
			return nil, fmt.Errorf("interface %s: %w", name, err)
		}
		return link, nil
	}
	for _, family := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
		routes, err := netlink.RouteList(nil, family)
		if err != nil {
			return nil, err
		}
		if route := defaultRoute(routes); route != nil {
			return netlink.LinkByIndex(route.LinkIndex)
		}
	}
	return nil, errors.New("no vip_interface, and no default route to take it from")
}

func defaultRoute(routes []netlink.Route) (best *netlink.Route) {
	for i, route := range routes {
		if bits := prefixBits(route.Dst); bits == 0 && route.LinkIndex > 0 &&
			(best == nil || route.Priority < best.Priority) {
			best = &routes[i]
		}
	}
	return best
}

func prefixBits(network *net.IPNet) int {
	if network == nil {
		return 0
	}
	bits, _ := network.Mask.Size()
	return bits
}

func (kernel) has(a address) (bool, error) {
	link, err := netlink.LinkByName(a.link)
	if err != nil {
		return false, err
	}
	present, err := netlink.AddrList(link, netlink.FAMILY_ALL)
	for _, found := range present {
		ip, _ := netip.AddrFromSlice(found.IP)
		if ip.Unmap() == a.prefix.Addr() && prefixBits(found.IPNet) == a.prefix.Bits() {
			return true, nil
		}
	}
	return false, err
}

// add binds the address as deprecated (preferred lifetime 0), so that the node never chooses a VIP
// as the source of its own connections.
func (kernel) add(a address) error {
	return change(a, netlink.AddrReplace)
}

func (kernel) remove(a address) error {
	err := change(a, netlink.AddrDel)
	if errors.Is(err, unix.EADDRNOTAVAIL) { // somebody else was faster
		return nil
	}
	return err
}

func change(a address, apply func(netlink.Link, *netlink.Addr) error) error {
	link, err := netlink.LinkByName(a.link)
	if err != nil {
		return err
	}
	ip := a.prefix.Addr()
	return apply(link, &netlink.Addr{
		IPNet:       &net.IPNet{IP: ip.AsSlice(), Mask: net.CIDRMask(a.prefix.Bits(), ip.BitLen())},
		ValidLft:    math.MaxUint32,
		PreferedLft: 0,
	})
}

// announce sends a gratuitous ARP. For IPv6 it does nothing: neighbours learn the move by asking again,
// which is slower than the unsolicited advertisement that kube-vip sends.
func (kernel) announce(a address) error {
	link, err := netlink.LinkByName(a.link)
	if err != nil {
		return err
	}
	mac := link.Attrs().HardwareAddr
	if !a.prefix.Addr().Is4() || len(mac) != 6 { // lo and tunnels have no neighbours to tell
		return nil
	}
	return sendFrame(link.Attrs().Index, gratuitousARP(mac, a.prefix.Addr()))
}
