// Package wire writes the two questions that a witness asks of a segment, an ARP probe and a neighbour
// solicitation, and reads what comes back. It opens no socket.
package wire

import "net"

// MAC is the hardware address of an Ethernet interface.
type MAC [6]byte

// MACOf takes a hardware address that can be one interface's: six bytes, not all zero, and no group.
func MACOf(bytes []byte) (MAC, bool) {
	if len(bytes) != len(MAC{}) {
		return MAC{}, false
	}
	mac := MAC(bytes)
	isGroup := mac[0]&1 == 1
	return mac, mac != MAC{} && !isGroup
}

// String is the address in lower case with colons.
func (m MAC) String() string { return net.HardwareAddr(m[:]).String() }
