package schedule

import (
	"net/netip"
	"testing"
)

func addresses(subnet byte, count int) []netip.Addr {
	list := make([]netip.Addr, count)
	for i := range list {
		list[i] = netip.AddrFrom4([4]byte{10, subnet, byte(i >> 8), byte(i)})
	}
	return list
}

// run asks for a time and counts the questions about each address.
func run(s *Schedule, from, to int64, then func(netip.Addr, int64)) map[netip.Addr]int {
	counts := map[netip.Addr]int{}
	for now := from; now < to; now += Tick {
		if address, ok := s.Next(now); ok {
			counts[address]++
			if then != nil {
				then(address, now)
			}
		}
	}
	return counts
}

func total(counts map[netip.Addr]int, of []netip.Addr) (sum int) {
	for _, address := range of {
		sum += counts[address]
	}
	return sum
}

func within(t *testing.T, what string, got, least, most int64) {
	t.Helper()
	if got < least || got > most {
		t.Errorf("%s: got %d, want %d to %d", what, got, least, most)
	}
}

func TestShares(t *testing.T) {
	const minute = 60_000
	cases := []struct {
		name            string
		control, groups int
		// Questions in a minute.
		askedControl, askedGroups int
		roundControl, roundGroups int64
	}{
		{"nothing", 0, 0, 0, 0, 0, 0},
		{"one control-plane address, every second", 1, 0, 60, 0, 1000, 0},
		{"few addresses, each every second", 2, 20, 120, 1200, 1000, 1000},
		{"many Services share what is left", 2, 500, 120, 2880, 1000, 10_400},
		{"40 control-plane addresses and many Services", 40, 100, 2400, 600, 1000, 10_000},
		{"more control-plane addresses leave a fifth", 100, 100, 2400, 600, 2500, 10_000},
		{"more control-plane addresses alone", 100, 0, 3000, 0, 2000, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			control, groups := addresses(1, c.control), addresses(2, c.groups)
			s := &Schedule{}
			s.Set(control, groups, 0)
			counts := run(s, 0, minute, nil)
			within(t, "control", int64(total(counts, control)), int64(c.askedControl*97/100), int64(c.askedControl))
			within(t, "groups", int64(total(counts, groups)), int64(c.askedGroups*97/100), int64(c.askedGroups*103/100))
			roundControl, roundGroups := s.Rounds(minute)
			within(t, "control's round", roundControl, c.roundControl, c.roundControl*103/100)
			within(t, "groups' round", roundGroups, c.roundGroups, c.roundGroups*105/100)
		})
	}
}

func TestRoundOf20000(t *testing.T) {
	s := &Schedule{}
	s.Set(addresses(1, 2), addresses(2, 20_000), 0)
	run(s, 0, 900_000, nil)
	_, round := s.Rounds(900_000)
	within(t, "round", round, 400_000, 420_000)
}

func TestUrgent(t *testing.T) {
	groups := addresses(2, 10_000)
	s := &Schedule{}
	s.Set(nil, groups, 0)
	s.Urge(groups[9000], 500)
	s.Urge(groups[9000], 700)
	s.Urge(netip.MustParseAddr("203.0.113.1"), 0)
	at := []int64{}
	run(s, 0, 2000, func(address netip.Addr, now int64) {
		if address == groups[9000] {
			at = append(at, now)
		}
	})
	if len(at) != 1 || at[0] < 500 || at[0] > 540 {
		t.Errorf("asked at %v", at)
	}
}

func TestUrgentSooner(t *testing.T) {
	groups := addresses(2, 10_000)
	s := &Schedule{}
	s.Set(nil, groups, 0)
	s.Urge(groups[9000], 10_000)
	s.Urge(groups[9000], 500)
	if counts := run(s, 0, 20_000, nil); counts[groups[9000]] != 1 {
		t.Errorf("asked %d times", counts[groups[9000]])
	}
}

func TestPressedAddressesLeaveTheOthersTheirTurn(t *testing.T) {
	control, groups := addresses(1, 40), addresses(2, 100)
	s := &Schedule{}
	s.Set(control, groups, 0)
	press := func(_ netip.Addr, now int64) {
		for _, address := range control[:20] {
			s.Press(address, now)
		}
		s.Press(groups[0], now)
	}
	press(control[0], 0)
	counts := run(s, 0, 60_000, press)
	within(t, "pressed", int64(total(counts, control[:20])), 1800, 2100)
	within(t, "not pressed", int64(total(counts, control[20:])), 580, 620)
	within(t, "groups", int64(total(counts, groups)), 580, 620)
}

func TestStormOfUrgentAddresses(t *testing.T) {
	groups := addresses(2, 2000)
	s := &Schedule{}
	s.Set(addresses(1, 1), groups, 0)
	asked := map[netip.Addr]bool{}
	run(s, 0, 100_000, func(address netip.Addr, now int64) {
		asked[address] = true
		for _, address := range groups[:1000] {
			s.Urge(address, now)
		}
	})
	if !asked[groups[1999]] {
		t.Error("the round never came to its end")
	}
}

func TestAddressesThatComeAndGo(t *testing.T) {
	groups := addresses(2, 1000)
	s := &Schedule{}
	s.Set(nil, groups, 0)
	first := run(s, 0, 5000, nil)
	s.Urge(groups[999], 6000)
	s.Set(nil, groups[:900], 5000)
	second := run(s, 5000, 10_000, nil)
	if total(second, groups[900:]) != 0 {
		t.Error("asks for what is gone")
	}
	for _, address := range groups {
		if first[address] > 0 && second[address] > 0 {
			t.Fatalf("%s was asked twice before others were asked once", address)
		}
	}
}
