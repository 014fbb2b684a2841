// Package socket opens the sockets of a witness: two for each interface, one for ARP and one for neighbour
// advertisements. They need CAP_NET_RAW, which the file of the program has.
package socket

import (
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/mdlayher/packet"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"kubevip.dev/operator/witness/internal/host"
	"kubevip.dev/operator/witness/internal/wire"
)

const (
	// mostFrames are read from a socket in a second. A kube-vip that announces 20,000 addresses sends fewer.
	mostFrames = 20_000
	// mostLost in a second is as many as can get lost without an owner being missed.
	mostLost = 1_000
)

// Heard is a claim, and the interface that it came in on.
type Heard struct {
	Claim wire.Claim
	By    wire.MAC
}

// sockets are those of one interface, for as long as it keeps its name, number and addresses.
type sockets struct {
	of       host.Interface
	self     wire.Self
	arp, ndp *packet.Conn
	// flooded counts the seconds in which more came than is read.
	flooded atomic.Int64
}

func openFor(of host.Interface, heard chan<- Heard) (*sockets, error) {
	s := &sockets{of: of, self: of.Self()}
	link := &net.Interface{Index: of.Index, Name: of.Name, HardwareAddr: s.self.MAC[:]}
	var err error
	if s.arp, err = listen(link, unix.ETH_P_ARP, wire.ARPClaims); err != nil {
		return nil, err
	}
	if s.ndp, err = listen(link, unix.ETH_P_IPV6, wire.Advertisements); err != nil {
		s.close()
		return nil, err
	}
	go s.read(s.arp, heard)
	go s.read(s.ndp, heard)
	return s, nil
}

func listen(link *net.Interface, protocol int, filter wire.Filter) (*packet.Conn, error) {
	program, err := bpf.Assemble(filter)
	if err != nil {
		return nil, err
	}
	conn, err := packet.Listen(link, packet.Raw, protocol, &packet.Config{Filter: program})
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) {
		return nil, fmt.Errorf("cannot open a packet socket on %s: %w; allow NET_RAW to the pods of the witness", link.Name, err)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot open a packet socket on %s: %w; look at this interface of the node", link.Name, err)
	}
	return conn, nil
}

// read takes frames until the socket is closed. After a flood it rests until the second is over.
func (s *sockets) read(conn *packet.Conn, heard chan<- Heard) {
	buffer := make([]byte, 2048)
	count, second := 0, time.Now()
	for {
		length, _, err := conn.ReadFrom(buffer)
		if errors.Is(err, net.ErrClosed) || errors.Is(err, unix.EBADF) {
			return
		}
		if err != nil { // The interface is down. Sending says so.
			time.Sleep(100 * time.Millisecond)
			continue
		}
		if claim, ok := s.self.Read(buffer[:length]); ok {
			heard <- Heard{claim, s.self.MAC}
		}
		if count++; count < mostFrames {
			continue
		}
		if rest := time.Second - time.Since(second); rest > 0 {
			s.flooded.Add(1)
			time.Sleep(rest)
		}
		count, second = 0, time.Now()
	}
}

// lost is how many frames the kernel has dropped since the last call, because this process did not take them.
func (s *sockets) lost() uint32 {
	sum := uint32(0)
	for _, conn := range []*packet.Conn{s.arp, s.ndp} {
		if stats, err := conn.Stats(); err == nil {
			sum += stats.Drops
		}
	}
	return sum
}

func (s *sockets) send(frame []byte, to net.HardwareAddr, isARP bool) error {
	conn := s.ndp
	if isARP {
		conn = s.arp
	}
	_, err := conn.WriteTo(frame, &packet.Addr{HardwareAddr: to})
	return err
}

func (s *sockets) close() {
	for _, conn := range []*packet.Conn{s.arp, s.ndp} {
		if conn != nil {
			_ = conn.Close()
		}
	}
}
