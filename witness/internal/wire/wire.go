package wire

import (
	"net"
	"net/netip"
)

// Self is who asks: the interface that a question leaves by.
type Self struct {
	MAC MAC
	// LinkLocal is the IPv6 address that neighbour solicitations come from. Without it none are sent.
	LinkLocal netip.Addr
}

// Claim is one frame that says which interface an address belongs to.
type Claim struct {
	Address netip.Addr
	MAC     MAC
	// Asked means that the frame was sent to this interface, as the answer to a question.
	Asked bool
}

// CanAsk says whether an interface has what a question about an address needs.
func (s Self) CanAsk(address netip.Addr) bool {
	return address.Is4() || s.LinkLocal.IsValid()
}

// Question is the frame that asks for the owner of an address, and the hardware address that it goes to.
func (s Self) Question(address netip.Addr) (frame []byte, to net.HardwareAddr, err error) {
	if address.Is4() {
		return s.arpProbe(address)
	}
	return s.solicitation(address)
}

// Read takes a claim out of a frame. Whatever is not a whole and sane claim gives none.
func (s Self) Read(frame []byte) (Claim, bool) {
	if len(frame) < ethernetHeader {
		return Claim{}, false
	}
	switch etherType(frame) {
	case etherTypeARP:
		return s.readARP(frame)
	case etherTypeIPv6:
		return s.readAdvertisement(frame)
	}
	return Claim{}, false
}

const (
	ethernetHeader = 14
	etherTypeARP   = 0x0806
	etherTypeIPv6  = 0x86dd
)

func etherType(frame []byte) uint16 { return uint16(frame[12])<<8 | uint16(frame[13]) }
