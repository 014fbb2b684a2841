package socket

import (
	"bytes"
	"fmt"
	"net"

	"kubevip.dev/operator/witness/internal/host"
)

// Segment is the network as a witness asks it, through the sockets of the interfaces that lead there.
type Segment struct {
	heard  chan Heard
	open   map[string]*sockets
	losing string
	// troubled counts down the looks for which the last trouble is still told: an owner that was missed while
	// frames got lost is not known at once again.
	troubled int
	flooded  int64
}

// remembered is for how many looks, of a second each, trouble is told.
const remembered = 3

// NewSegment has no socket until one is used.
func NewSegment() *Segment {
	return &Segment{heard: make(chan Heard, 1024), open: map[string]*sockets{}}
}

// Heard is where claims come out.
func (s *Segment) Heard() <-chan Heard { return s.heard }

// Use opens sockets for these interfaces and closes all others. An interface with another address gets new ones.
func (s *Segment) Use(interfaces []host.Interface) error {
	wanted := map[string]host.Interface{}
	for _, one := range interfaces {
		wanted[one.Name] = one
	}
	for name, one := range s.open {
		if next, ok := wanted[name]; !ok || next.Index != one.of.Index || next.Self() != one.self {
			one.close()
			delete(s.open, name)
		}
	}
	s.countLosses()
	for name, one := range wanted {
		if s.open[name] != nil {
			continue
		}
		sockets, err := openFor(one, s.heard)
		if err != nil {
			return err
		}
		s.open[name] = sockets
	}
	return nil
}

func (s *Segment) countLosses() {
	if s.troubled > 0 {
		s.troubled--
	}
	flooded := int64(0)
	for name, one := range s.open {
		flooded += one.flooded.Load()
		if lost := one.lost(); lost > mostLost {
			s.losing = fmt.Sprintf("answers may have got lost on %s, where more claims of addresses come in than can be read; "+
				"look for a flood of ARP or neighbour advertisements there", name)
			s.troubled = remembered
		}
	}
	if flooded > s.flooded && s.troubled == 0 {
		s.losing = fmt.Sprintf("more than %d claims of addresses a second come in; look for a flood of ARP or neighbour advertisements", mostFrames)
		s.troubled = remembered
	}
	s.flooded = flooded
}

// Trouble says why answers may have got lost in the last seconds.
func (s *Segment) Trouble() string {
	if s.troubled == 0 {
		return ""
	}
	return s.losing
}

// Send puts a frame on the segment.
func (s *Segment) Send(by host.Interface, frame []byte, to net.HardwareAddr) error {
	sockets := s.open[by.Name]
	if sockets == nil {
		return fmt.Errorf("no socket is open on %s", by.Name)
	}
	isARP := bytes.Equal(frame[12:14], []byte{0x08, 0x06})
	return sockets.send(frame, to, isARP)
}
