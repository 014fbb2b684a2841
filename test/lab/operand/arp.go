package main

import (
	"encoding/binary"
	"net"
	"net/netip"

	"golang.org/x/sys/unix"
)

var broadcast = net.HardwareAddr{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// gratuitousARP builds the announcement of RFC 5227: a request whose sender and target are the same address.
func gratuitousARP(mac net.HardwareAddr, address netip.Addr) []byte {
	ip := address.As4()
	frame := make([]byte, 0, 42)
	frame = append(frame, broadcast...)
	frame = append(frame, mac...)
	frame = binary.BigEndian.AppendUint16(frame, unix.ETH_P_ARP)
	frame = binary.BigEndian.AppendUint16(frame, 1) // hardware: Ethernet
	frame = binary.BigEndian.AppendUint16(frame, unix.ETH_P_IP)
	frame = append(frame, 6, 4)                     // lengths of the two kinds of address
	frame = binary.BigEndian.AppendUint16(frame, 1) // operation: request
	frame = append(frame, mac...)
	frame = append(frame, ip[:]...)
	frame = append(frame, make([]byte, 6)...) // target hardware address: unknown
	return append(frame, ip[:]...)
}

// sendFrame puts one Ethernet frame on an interface; it needs CAP_NET_RAW.
func sendFrame(interfaceIndex int, frame []byte) error {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.Sendto(fd, frame, 0, &unix.SockaddrLinklayer{Ifindex: interfaceIndex, Halen: 6})
}
