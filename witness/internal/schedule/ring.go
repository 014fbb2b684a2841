package schedule

import "net/netip"

// ring asks its addresses in turn, again and again.
type ring struct {
	turns []turn
	at    int
	// began is when the first address of the ring was asked last. Until then, when the ring was made.
	began    int64
	hasBegun bool
	took     int64
}

type turn struct {
	address netip.Addr
	// last is when it was asked, in its turn.
	last int64
}

const never = -Period

func (r *ring) set(addresses []netip.Addr, now int64) {
	last := make(map[netip.Addr]int64, len(r.turns))
	for _, one := range r.turns {
		last[one.address] = one.last
	}
	var next netip.Addr
	if len(r.turns) > 0 {
		next = r.turns[r.at].address
	} else {
		r.began = now
	}
	turns, at := make([]turn, 0, len(addresses)), 0
	for _, address := range addresses {
		if address == next {
			at = len(turns)
		}
		when, known := last[address]
		if !known {
			when = now + never
		}
		turns = append(turns, turn{address, when})
	}
	r.turns, r.at = turns, at
}

func (r *ring) next(now int64) (netip.Addr, bool) {
	if len(r.turns) == 0 || now-r.turns[r.at].last < Period {
		return netip.Addr{}, false
	}
	one := &r.turns[r.at]
	one.last = now
	if r.at == 0 {
		if r.hasBegun {
			r.took = now - r.began
		}
		r.began, r.hasBegun = now, true
	}
	r.at = (r.at + 1) % len(r.turns)
	return one.address, true
}

// round is the length of the last whole round, or of the one that goes on where that is longer.
func (r *ring) round(now int64) int64 {
	if len(r.turns) == 0 {
		return 0
	}
	return max(r.took, now-r.began)
}
