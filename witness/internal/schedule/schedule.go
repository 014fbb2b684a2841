// Package schedule says which address is asked next. It is asked for one every Tick, so no more than 50 questions
// leave in a second. It knows no clock: times, in milliseconds, are given.
package schedule

import "net/netip"

const (
	// Tick is the time between two questions.
	Tick = 20
	// Period is the least time between two questions about one address in its turn.
	Period = 1_000
	// Pressing is the same while it is open which of two has an address of the control plane. An answer to one question
	// does not count for the next.
	Pressing = 400
	// Every fifth question is for the groups, also where the control-plane addresses alone would take all.
	groupsShare = 5
)

// Schedule has the addresses in two lanes.
type Schedule struct {
	control, groups lane
	slot            int
}

// lane has addresses in a ring, and those of them that should be asked out of turn.
type lane struct {
	ring   ring
	urgent urgent
	isTurn bool
}

// Set says which addresses there are. Those that were there before keep their turn.
func (s *Schedule) Set(control, groups []netip.Addr, now int64) {
	s.control.set(control, now)
	s.groups.set(groups, now)
}

func (l *lane) set(addresses []netip.Addr, now int64) {
	l.ring.set(addresses, now)
	l.urgent.keep(addresses)
}

// Next is the address to ask now, if any.
func (s *Schedule) Next(now int64) (netip.Addr, bool) {
	s.slot = (s.slot + 1) % groupsShare
	first, second := s.control.next, s.groups.next
	if s.slot == 0 {
		first, second = second, first
	}
	if address, ok := first(now); ok {
		return address, true
	}
	return second(now)
}

// next takes turns between what is urgent and the ring, so that a storm of the one never stops the other.
func (l *lane) next(now int64) (netip.Addr, bool) {
	l.isTurn = !l.isTurn
	first, second := l.urgent.next, l.ring.next
	if l.isTurn {
		first, second = second, first
	}
	if address, ok := first(now); ok {
		return address, true
	}
	return second(now)
}

// Urge asks for an address of a group at a time, without waiting for its turn.
func (s *Schedule) Urge(address netip.Addr, at int64) { s.groups.urgent.add(address, at) }

// Press does the same with an address of the control plane.
func (s *Schedule) Press(address netip.Addr, at int64) { s.control.urgent.add(address, at) }

// Rounds are how long it takes to ask all control-plane addresses, and all of the groups, once.
func (s *Schedule) Rounds(now int64) (control, groups int64) {
	return s.control.ring.round(now), s.groups.ring.round(now)
}
