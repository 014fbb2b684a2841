package wire

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"

	"github.com/mdlayher/ethernet"
	"github.com/mdlayher/ndp"
	"golang.org/x/net/icmp"
)

const (
	ipv6Header         = 40
	icmpv6             = 58
	advertisement      = 136
	hopLimit           = 255 // A router lowers it: whatever has it comes from this segment (RFC 4861).
	icmpv6Header       = 4
	sourceAt, targetAt = 8, 24
)

// solicitation asks from the link-local address. From the unspecified one it would be part of a check for
// duplicates, and its target would have to give the address up (RFC 4862).
func (s Self) solicitation(address netip.Addr) ([]byte, net.HardwareAddr, error) {
	if !s.LinkLocal.IsValid() {
		return nil, nil, errors.New("the interface has no link-local address")
	}
	group, err := ndp.SolicitedNodeMulticast(address)
	if err != nil {
		return nil, nil, err
	}
	source := &ndp.LinkLayerAddress{Direction: ndp.Source, Addr: s.MAC[:]}
	message := &ndp.NeighborSolicitation{TargetAddress: address, Options: []ndp.Option{source}}
	body, err := ndp.MarshalMessageChecksum(message, s.LinkLocal, group)
	if err != nil {
		return nil, nil, err
	}
	to := groupMAC(group)
	frame := ethernet.Frame{
		Destination: to,
		Source:      s.MAC[:],
		EtherType:   ethernet.EtherTypeIPv6,
		Payload:     append(header(len(body), s.LinkLocal, group), body...),
	}
	text, err := frame.MarshalBinary()
	return text, to, err
}

func header(length int, from, to netip.Addr) []byte {
	bytes := make([]byte, 8, ipv6Header)
	bytes[0] = 6 << 4
	binary.BigEndian.PutUint16(bytes[4:], uint16(length))
	bytes[6], bytes[7] = icmpv6, hopLimit
	bytes = append(bytes, from.AsSlice()...)
	return append(bytes, to.AsSlice()...)
}

// groupMAC is where frames for an IPv6 group go (RFC 2464).
func groupMAC(group netip.Addr) net.HardwareAddr {
	bytes := group.As16()
	return net.HardwareAddr{0x33, 0x33, bytes[12], bytes[13], bytes[14], bytes[15]}
}

func (s Self) readAdvertisement(frame []byte) (Claim, bool) {
	body, to, ok := icmpBody(frame[ethernetHeader:])
	if !ok || len(body) < icmpv6Header || body[0] != advertisement || body[1] != 0 {
		return Claim{}, false
	}
	message, err := ndp.ParseMessage(body)
	if err != nil {
		return Claim{}, false
	}
	found, ok := message.(*ndp.NeighborAdvertisement)
	if !ok {
		return Claim{}, false
	}
	mac, ok := MACOf(namedBy(found, frame[6:12]))
	if !ok || found.TargetAddress.IsMulticast() || found.TargetAddress.IsUnspecified() {
		return Claim{}, false
	}
	return Claim{Address: found.TargetAddress, MAC: mac, Asked: found.Solicited && to == s.LinkLocal}, true
}

// icmpBody takes an ICMPv6 message, and whom it is for, out of a packet from this segment.
func icmpBody(packet []byte) (body []byte, to netip.Addr, ok bool) {
	if len(packet) < ipv6Header || packet[0]>>4 != 6 || packet[6] != icmpv6 || packet[7] != hopLimit {
		return nil, to, false
	}
	length := int(binary.BigEndian.Uint16(packet[4:]))
	if len(packet) < ipv6Header+length {
		return nil, to, false
	}
	body = packet[ipv6Header : ipv6Header+length]
	return body, netip.AddrFrom16([16]byte(packet[targetAt:ipv6Header])), isSummed(packet, body)
}

// isSummed says whether the checksum of an ICMPv6 message is right.
func isSummed(packet, body []byte) bool { return sum(packet, body) == 0xffff }

func sum(packet, body []byte) uint16 {
	pseudo := icmp.IPv6PseudoHeader(packet[sourceAt:targetAt], packet[targetAt:ipv6Header])
	binary.BigEndian.PutUint32(pseudo[32:], uint32(len(body)))
	total := uint32(0)
	for _, bytes := range [][]byte{pseudo, body} {
		for i := 0; i+1 < len(bytes); i += 2 {
			total += uint32(binary.BigEndian.Uint16(bytes[i:]))
		}
		if len(bytes)%2 == 1 {
			total += uint32(bytes[len(bytes)-1]) << 8
		}
	}
	for total > 0xffff {
		total = total>>16 + total&0xffff
	}
	return uint16(total)
}

// namedBy is the hardware address that neighbours write down: the one in the message, else its sender's.
func namedBy(found *ndp.NeighborAdvertisement, sender []byte) []byte {
	for _, option := range found.Options {
		if address, ok := option.(*ndp.LinkLayerAddress); ok && address.Direction == ndp.Target {
			return address.Addr
		}
	}
	return sender
}
