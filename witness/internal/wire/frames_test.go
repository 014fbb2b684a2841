package wire

import (
	"net"
	"net/netip"
	"testing"

	"github.com/mdlayher/arp"
	"github.com/mdlayher/ethernet"
	"github.com/mdlayher/ndp"
)

// Frames as others send them, for the tables of this package.

var (
	own       = MAC{2, 0, 0, 0, 0, 1}
	other     = MAC{2, 0, 0, 0, 0, 2}
	linkLocal = netip.MustParseAddr("fe80::1")
	self      = Self{MAC: own, LinkLocal: linkLocal}
	vip       = netip.MustParseAddr("203.0.113.100")
	vip6      = netip.MustParseAddr("2001:db8::100")
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func ether(to, from net.HardwareAddr, kind ethernet.EtherType, payload []byte) []byte {
	frame := ethernet.Frame{Destination: to, Source: from, EtherType: kind, Payload: payload}
	return must(frame.MarshalBinary())
}

func arpFrame(to net.HardwareAddr, op arp.Operation, sender MAC, ip netip.Addr, target net.HardwareAddr, targetIP netip.Addr) []byte {
	packet := must(arp.NewPacket(op, sender[:], ip, target, targetIP))
	return ether(to, sender[:], ethernet.EtherTypeARP, must(packet.MarshalBinary()))
}

func reply(sender MAC) []byte {
	return arpFrame(own[:], arp.OperationReply, sender, vip, own[:], netip.IPv4Unspecified())
}

func gratuitous(op arp.Operation) []byte {
	return arpFrame(ethernet.Broadcast, op, other, vip, ethernet.Broadcast, vip)
}

func advert(to netip.Addr, solicited bool, target netip.Addr, options ...ndp.Option) []byte {
	from := netip.MustParseAddr("fe80::2")
	message := &ndp.NeighborAdvertisement{Solicited: solicited, TargetAddress: target, Options: options}
	body := must(ndp.MarshalMessageChecksum(message, from, to))
	return ether(own[:], other[:], ethernet.EtherTypeIPv6, append(header(len(body), from, to), body...))
}

func named(mac MAC) ndp.Option {
	return &ndp.LinkLayerAddress{Direction: ndp.Target, Addr: mac[:]}
}

// with returns a copy of a frame in which some bytes are others.
func with(frame []byte, at int, bytes ...byte) []byte {
	changed := append([]byte{}, frame...)
	copy(changed[at:], bytes)
	return changed
}

func check[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
