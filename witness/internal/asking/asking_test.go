package asking

import (
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"

	"kubevip.dev/operator/witness/internal/contract"
	"kubevip.dev/operator/witness/internal/host"
	"kubevip.dev/operator/witness/internal/schedule"
	"kubevip.dev/operator/witness/internal/wire"
)

var (
	vip     = netip.MustParseAddr("203.0.113.100")
	service = netip.MustParseAddr("203.0.113.64")
	own     = wire.MAC{2, 0, 0, 0, 0, 1}
	a       = wire.MAC{2, 0, 0, 0, 0, 0xa}
	b       = wire.MAC{2, 0, 0, 0, 0, 0xb}
)

func nodeWith(addresses ...string) host.Node {
	eth0 := host.Interface{Name: "eth0", Index: 2, MAC: own, IsUp: true}
	for _, address := range addresses {
		eth0.Addresses = append(eth0.Addresses, netip.MustParsePrefix(address))
	}
	return host.NewNode([]host.Interface{eth0})
}

// segment plays a network: who has which address.
type segment struct {
	asker   *Asker
	owners  map[netip.Addr][]wire.MAC
	asked   []netip.Addr
	now     int64
	refuses error
	sends   error
	used    []host.Interface
	lost    string
}

func (s *segment) Use(interfaces []host.Interface) error { s.used = interfaces; return s.refuses }
func (s *segment) Trouble() string                       { return s.lost }

func (s *segment) Send(_ host.Interface, frame []byte, _ net.HardwareAddr) error {
	if s.sends != nil {
		return s.sends
	}
	address := netip.AddrFrom4([4]byte(frame[38:42]))
	s.asked = append(s.asked, address)
	for _, owner := range s.owners[address] {
		s.asker.Hear(wire.Claim{Address: address, MAC: owner, Asked: true}, own, s.now+1)
	}
	return nil
}

func (s *segment) run(ms int64) {
	for end := s.now + ms; s.now < end; s.now += schedule.Tick {
		s.asker.Tick(s.now)
	}
}

func newSegment(questions contract.Questions) *segment {
	s := &segment{owners: map[netip.Addr][]wire.MAC{}, now: 10_000}
	s.asker = New(s)
	s.asker.Look(nodeWith("203.0.113.11/24"), s.now)
	s.asker.Ask(questions, s.now)
	return s
}

var questions = contract.Questions{
	Version: 1, Revision: "r", Subnets: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")},
	Control: []contract.Asked{{Address: vip}},
	Groups:  []contract.Group{{Name: "g", Addresses: []netip.Addr{service}}},
}

func ownersOf(answers contract.Answers) string {
	words := []string{}
	for _, owner := range answers.Control[0].Owners {
		words = append(words, owner.MAC[len(owner.MAC)-1:])
		if owner.IsSelf {
			words = append(words, "self")
		}
	}
	if answers.Control[0].SilentSince != 0 {
		words = append(words, "silent")
	}
	return strings.Join(words, " ")
}

func TestWhoAnswers(t *testing.T) {
	cases := []struct {
		name    string
		happens func(s *segment)
		want    string
	}{
		{"one owner", func(s *segment) { s.owners[vip] = []wire.MAC{a} }, "a"},
		{"two owners", func(s *segment) { s.owners[vip] = []wire.MAC{a, b} }, "a b"},
		{"no owner", func(*segment) {}, "silent"},
		{"this node", func(s *segment) { s.asker.Look(nodeWith("203.0.113.11/24", "203.0.113.100/32"), s.now) }, "1 self"},
		{"this node and another", func(s *segment) {
			s.owners[vip] = []wire.MAC{a}
			s.asker.Look(nodeWith("203.0.113.11/24", "203.0.113.100/32"), s.now)
		}, "1 self a"},
		{"our own frames, sent back by a switch", func(s *segment) { s.owners[vip] = []wire.MAC{own} }, "silent"},
		{"a claim for an address that is not asked", func(s *segment) {
			s.asker.Hear(wire.Claim{Address: netip.MustParseAddr("203.0.113.9"), MAC: a, Asked: true}, own, s.now)
		}, "silent"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSegment(questions)
			c.happens(s)
			s.run(4000)
			if got := ownersOf(s.asker.Answers(s.now)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSecondOwnerIsKnownWithinTwoSeconds(t *testing.T) {
	s := newSegment(questions)
	s.owners[vip] = []wire.MAC{a}
	s.run(5000)
	s.asker.Answers(s.now)
	s.owners[vip] = []wire.MAC{a, b}
	begin := s.now
	for !s.asker.HasNews() && s.now < begin+5000 {
		s.run(schedule.Tick)
	}
	if took := s.now - begin; took > 1400 || ownersOf(s.asker.Answers(s.now)) != "a b" {
		t.Errorf("took %d ms: %s", took, ownersOf(s.asker.Answers(s.now)))
	}
}

// A new holder announces itself. Whether the former one still has the address is known by three more questions.
func TestSecondOwnerThatAnnouncesItself(t *testing.T) {
	for _, c := range []struct {
		name string
		// Of the last of the questions: who answers.
		owners []wire.MAC
		want   string
		// Questions in the first 1.3 s, and in the tenth second after.
		asked, later int
	}{
		{"beside the first is asked for again and again, and no longer than that is new", []wire.MAC{a, b}, "a b", 4, 1},
		{"instead of the first is asked for until that one is forgotten", []wire.MAC{b}, "b", 3, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSegment(questions)
			s.owners[vip] = []wire.MAC{a}
			s.run(5500)
			count := func(ms int64) (asked int) {
				before := len(s.asked)
				s.run(ms)
				for _, address := range s.asked[before:] {
					if address == vip {
						asked++
					}
				}
				return asked
			}
			s.owners[vip] = c.owners
			s.asker.Hear(wire.Claim{Address: vip, MAC: b}, own, s.now)
			asked := count(1300)
			owners := s.asker.Answers(s.now).Control[0].Owners
			for _, owner := range owners {
				if together := owner.Last - owners[len(owners)-1].Since; len(c.owners) > 1 && together < 700 {
					t.Errorf("%s was heard for %d ms beside the other", owner.MAC, together)
				}
			}
			s.run(7700)
			if got := ownersOf(s.asker.Answers(s.now)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if later := count(1000); asked < c.asked || later != c.later {
				t.Errorf("asked %d times at once, and %d times later", asked, later)
			}
		})
	}
}

// Whoever claims an address again and again does not make a witness ask more than it may.
func TestStormOfClaims(t *testing.T) {
	s := newSegment(questions)
	s.owners[vip] = []wire.MAC{a}
	s.run(2000)
	before := len(s.asked)
	for i := range 1000 {
		s.asker.Hear(wire.Claim{Address: vip, MAC: wire.MAC{2, 9, 0, 0, byte(i >> 8), byte(i)}}, own, s.now)
		s.run(schedule.Tick)
	}
	// In 20 s: each second for the address and for that of the Service, and every 400 ms for the claims.
	if asked := len(s.asked) - before; asked > 20+20+50+2 {
		t.Errorf("asked %d times in 20 s", asked)
	}
	if got := ownersOf(s.asker.Answers(s.now)); got != "a" {
		t.Errorf("got %q", got)
	}
}

func TestUnaskedClaim(t *testing.T) {
	many := questions
	many.Groups = []contract.Group{{Name: "g"}}
	for i := range 10_000 {
		many.Groups[0].Addresses = append(many.Groups[0].Addresses, netip.AddrFrom4([4]byte{203, 0, byte(113 + i>>8), byte(i)}))
	}
	many.Subnets = []netip.Prefix{netip.MustParsePrefix("203.0.0.0/16")}
	s := newSegment(many)
	s.asker.Look(nodeWith("203.0.255.1/16"), s.now)
	last := many.Groups[0].Addresses[9_999]
	s.owners[last] = []wire.MAC{b}
	s.run(1000)
	s.asker.Answers(s.now)
	s.asker.Hear(wire.Claim{Address: last, MAC: b}, own, s.now)
	if !s.asker.HasNews() {
		t.Error("is no news")
	}
	s.run(1000)
	answers := s.asker.Answers(s.now)
	if len(answers.Heard) != 1 || answers.Heard[0].Address != last {
		t.Errorf("heard %v", answers.Heard)
	}
	if owners := answers.Groups[0].Owners; len(owners) != 1 || owners[0].MAC != b.String() {
		t.Errorf("did not ask at once: %v", owners)
	}
	s.asker.Hear(wire.Claim{Address: last, MAC: b}, own, s.now)
	if s.asker.HasNews() {
		t.Error("a known owner that announces itself is news")
	}
	s.asker.Ask(questions, s.now)
	if heard := s.asker.Answers(s.now).Heard; len(heard) != 0 {
		t.Errorf("tells of addresses that are asked no longer: %v", heard)
	}
}

func TestWhatCannotBeAsked(t *testing.T) {
	s := newSegment(questions)
	s.owners[vip] = []wire.MAC{a}
	s.run(2000)
	s.asker.Look(nodeWith("10.0.0.1/24"), s.now)
	s.asked = nil
	s.run(5000)
	answers := s.asker.Answers(s.now)
	if len(answers.Missing) != 1 || len(s.asked) != 0 || len(s.used) != 0 || answers.Interface != "" {
		t.Errorf("missing %v, asked %v, used %v", answers.Missing, s.asked, s.used)
	}
	s.asker.Look(nodeWith("203.0.113.11/24"), s.now)
	s.run(2000)
	if answers := s.asker.Answers(s.now); len(answers.Missing) != 0 || ownersOf(answers) != "a" || answers.Interface != "eth0" {
		t.Errorf("got %+v", answers)
	}
}

func TestTrouble(t *testing.T) {
	s := newSegment(questions)
	s.owners[vip] = []wire.MAC{a}
	s.run(2000)
	s.asker.Answers(s.now)
	for _, c := range []struct {
		name, want string
		cause, end func()
	}{
		{"a socket that is refused", "not permitted", func() { s.refuses = errors.New("not permitted") }, func() { s.refuses = nil }},
		{"a frame that cannot leave", "on eth0: down; look at", func() { s.sends = errors.New("down") }, func() { s.sends = nil }},
		{"frames that got lost", "lost", func() { s.lost = "lost" }, func() { s.lost = "" }},
		{"questions that cannot be read", "version 2", func() { s.asker.Refuse(errors.New("version 2")) }, func() { s.asker.Ask(questions, s.now) }},
	} {
		c.cause()
		s.asker.Look(nodeWith("203.0.113.11/24"), s.now)
		s.run(1100)
		answers := s.asker.Answers(s.now)
		if !strings.Contains(answers.Trouble, c.want) {
			t.Errorf("%s: got %q", c.name, answers.Trouble)
		}
		c.end()
		s.asker.Look(nodeWith("203.0.113.11/24"), s.now)
		s.run(1100)
		if answers := s.asker.Answers(s.now); answers.Trouble != "" || ownersOf(answers) != "a" {
			t.Errorf("%s: does not end: %+v", c.name, answers)
		}
	}
}

func TestAtMost50QuestionsASecond(t *testing.T) {
	many := questions
	many.Groups = []contract.Group{{Name: "g"}}
	for i := range 250 {
		many.Groups[0].Addresses = append(many.Groups[0].Addresses, netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}))
	}
	s := newSegment(many)
	s.run(10_000)
	if len(s.asked) > 500 {
		t.Errorf("asked %d times in 10 s", len(s.asked))
	}
}
