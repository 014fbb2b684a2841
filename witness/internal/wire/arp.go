package wire

import (
	"bytes"
	"net"
	"net/netip"

	"github.com/mdlayher/arp"
	"github.com/mdlayher/ethernet"
)

var unknown = make(net.HardwareAddr, 6)

// arpProbe asks without a sender's address (RFC 5227), so that no neighbour learns anything of the one who
// asks. Linux answers it only with an address of its own: a proxy of ARP does not.
func (s Self) arpProbe(address netip.Addr) ([]byte, net.HardwareAddr, error) {
	probe, err := arp.NewPacket(arp.OperationRequest, s.MAC[:], netip.IPv4Unspecified(), unknown, address)
	if err != nil {
		return nil, nil, err
	}
	payload, err := probe.MarshalBinary()
	if err != nil {
		return nil, nil, err
	}
	frame := ethernet.Frame{
		Destination: ethernet.Broadcast,
		Source:      s.MAC[:],
		EtherType:   ethernet.EtherTypeARP,
		Payload:     payload,
	}
	text, err := frame.MarshalBinary()
	return text, ethernet.Broadcast, err
}

func (s Self) readARP(frame []byte) (Claim, bool) {
	var packet arp.Packet
	if err := packet.UnmarshalBinary(frame[ethernetHeader:]); err != nil || !isEthernetIPv4(packet) {
		return Claim{}, false
	}
	mac, ok := MACOf(packet.SenderHardwareAddr)
	if !ok || packet.SenderIP.IsUnspecified() {
		return Claim{}, false
	}
	claim := Claim{Address: packet.SenderIP, MAC: mac}
	switch {
	case packet.Operation == arp.OperationReply:
		claim.Asked = bytes.Equal(frame[:6], s.MAC[:]) && bytes.Equal(packet.TargetHardwareAddr, s.MAC[:])
		return claim, true
	case packet.Operation == arp.OperationRequest && packet.SenderIP == packet.TargetIP:
		return claim, true
	}
	return Claim{}, false
}

func isEthernetIPv4(packet arp.Packet) bool {
	return packet.HardwareType == 1 && packet.ProtocolType == uint16(ethernet.EtherTypeIPv4) &&
		packet.HardwareAddrLength == 6 && packet.IPLength == 4
}
