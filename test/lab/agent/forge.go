package main

import (
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

const (
	malformedFrames = 20_000
	longestFrame    = 200
)

// runForge puts frames on a link, and prints how many.
func runForge(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("forge", flag.ContinueOnError)
	kind := flags.String("kind", "", "gratuitous, malformed, flood or proxy")
	text := flags.String("address", "", "the IPv4 address that the frames are about")
	link := flags.String("link", "eth0", "where to send")
	to := flags.String("to", "ff:ff:ff:ff:ff:ff", "whom malformed frames are for")
	seconds := flags.Int("seconds", 5, "how long a flood or a proxy lasts")
	if err := flags.Parse(args); err != nil {
		return err
	}
	address, err := netip.ParseAddr(*text)
	if err != nil || !address.Is4() {
		return fmt.Errorf("--address: expected an IPv4 address, found %q", *text)
	}
	target, err := net.ParseMAC(*to)
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	out, err := openLink(*link)
	if err != nil {
		return err
	}
	switch *kind {
	case "gratuitous":
		err = out.send(gratuitousARP(out.mac, address))
	case "malformed":
		for range malformedFrames {
			err = errors.Join(err, out.send(malformed(target, out.mac, address)))
		}
	case "flood":
		err = out.flood(ctx, address, time.Duration(*seconds)*time.Second)
	case "proxy":
		err = out.proxy(ctx, time.Duration(*seconds)*time.Second)
	default:
		err = fmt.Errorf("--kind: expected gratuitous, malformed, flood or proxy, found %q", *kind)
	}
	fmt.Println(out.sent)
	return err
}

// link is an interface that frames are put on.
type link struct {
	fd, index int
	mac       net.HardwareAddr
	sent      int
}

func openLink(name string) (*link, error) {
	found, err := net.InterfaceByName(name)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	return &link{fd: fd, index: found.Index, mac: found.HardwareAddr}, err
}

func (l *link) send(frame []byte) error {
	err := unix.Sendto(l.fd, frame, 0, &unix.SockaddrLinklayer{Ifindex: l.index, Halen: 6})
	if errors.Is(err, unix.ENOBUFS) { // A full queue is what a flood is for.
		return nil
	}
	l.sent++
	return err
}

// flood announces the address for many owners, as fast as it can.
func (l *link) flood(ctx context.Context, address netip.Addr, lasting time.Duration) error {
	for end := time.Now().Add(lasting); time.Now().Before(end) && ctx.Err() == nil; {
		mac := net.HardwareAddr{2, 0xff, 0, 0, byte(rand.Uint32()), byte(rand.Uint32())}
		if err := l.send(gratuitousARP(mac, address)); err != nil {
			return err
		}
	}
	return nil
}

// proxy answers every probe for an address, whichever that is, as some switches do. It leaves hosts that talk to each other
// alone: an answer to them would lead their traffic astray.
func (l *link) proxy(ctx context.Context, lasting time.Duration) error {
	in, err := l.listen()
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(in) }()
	frame := make([]byte, longestFrame)
	for end := time.Now().Add(lasting); time.Now().Before(end) && ctx.Err() == nil; {
		length, _, err := unix.Recvfrom(in, frame, 0)
		if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return err
		}
		if answer := proxyAnswer(l.mac, frame[:length]); answer != nil {
			if err := l.send(answer); err != nil {
				return err
			}
		}
	}
	return nil
}

// listen opens a socket for the ARP of the link, which gives up a read after a moment.
func (l *link) listen() (int, error) {
	arp := int(binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, unix.ETH_P_ARP)))
	in, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, arp)
	if err != nil {
		return 0, err
	}
	return in, errors.Join(
		unix.Bind(in, &unix.SockaddrLinklayer{Ifindex: l.index, Protocol: uint16(arp)}),
		unix.SetsockoptTimeval(in, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 200_000}),
	)
}

const arpLength = 42

// proxyAnswer is what a proxy says to a frame. To what is no probe it says nothing.
func proxyAnswer(mac net.HardwareAddr, frame []byte) []byte {
	if len(frame) < arpLength || frame[21] != 1 || [4]byte(frame[28:32]) != [4]byte{} {
		return nil
	}
	answer := append(append([]byte{}, frame[6:12]...), mac...)
	answer = append(answer, 8, 6, 0, 1, 8, 0, 6, 4, 0, 2)
	answer = append(append(answer, mac...), frame[38:42]...)
	return append(append(answer, frame[6:12]...), 0, 0, 0, 0)
}

func gratuitousARP(mac net.HardwareAddr, address netip.Addr) []byte {
	ip := address.As4()
	frame := append([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, mac...)
	frame = append(frame, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1)
	frame = append(append(frame, mac...), ip[:]...)
	return append(append(frame, make([]byte, 6)...), ip[:]...)
}

// malformed begins as a claim of an address does, and goes on at random.
func malformed(to, mac net.HardwareAddr, address netip.Addr) []byte {
	frame := append(append([]byte{}, to...), mac...)
	if rand.N(2) == 0 {
		ip := address.As4()
		frame = append(frame, 8, 6, 0, byte(rand.N(3)), 8, 0, byte(rand.N(8)), byte(rand.N(6)), 0, byte(rand.N(3)))
		frame = append(append(frame, 1, 0, 0, 0, 0, byte(rand.N(2))), ip[:rand.N(5)]...)
	} else {
		frame = append(frame, 0x86, 0xdd, 0x60, 0, 0, 0)
		frame = binary.BigEndian.AppendUint16(frame, uint16(rand.N(longestFrame)))
		frame = append(frame, 58, 255)
		frame = append(append(frame, make([]byte, 32)...), 136, 0)
	}
	for range rand.N(longestFrame - len(frame)) {
		frame = append(frame, byte(rand.N(256)))
	}
	return frame
}
