package report

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"kubevip.dev/operator/witness/internal/contract"
	"kubevip.dev/operator/witness/internal/ledger"
	"kubevip.dev/operator/witness/internal/wire"
)

func address(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}) }

func macOf(last byte) wire.MAC { return wire.MAC{2, 0, 0, 0, 0, last} }

func entry(owners ...byte) *ledger.Entry {
	e := &ledger.Entry{Asked: 3}
	for _, owner := range owners {
		e.Owners = append(e.Owners, ledger.Owner{MAC: macOf(owner), Since: 1000, Last: 3000})
	}
	if len(owners) == 0 {
		e.SilentSince = 1000
	}
	return e
}

func control(addresses ...netip.Addr) (list []contract.Asked) {
	for _, address := range addresses {
		list = append(list, contract.Asked{Address: address})
	}
	return list
}

func asText(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAnswers(t *testing.T) {
	self := entry(1)
	self.Owners[0].IsSelf = true
	knowledge := Knowledge{
		Questions: contract.Questions{
			Revision: "r1",
			Control:  control(address(1), address(2), address(3)),
			Groups:   []contract.Group{{Name: "kubevip.dev/edge", Addresses: []netip.Addr{address(10), address(11), address(12), address(13), address(14), address(15)}}},
		},
		Ledger: ledger.Ledger{
			address(1): self, address(2): entry(), address(10): entry(1), address(11): entry(1), address(12): entry(2),
			address(13): entry(1, 2), address(14): entry(), address(15): {Asked: 0},
		},
		Missing:   []netip.Prefix{netip.MustParsePrefix("2001:db8::/64")},
		Interface: "eth0", MAC: macOf(9), ControlRound: 1000, GroupsRound: 4000,
	}
	got := asText(t, knowledge.Answers(5000))
	want := `{"v":1,"seq":0,"revision":"r1","pod":"","at":5000,"interface":"eth0","mac":"02:00:00:00:00:09",` +
		`"missing":["2001:db8::/64"],"trouble":"","controlRoundMs":1000,"control":[` +
		`{"address":"10.0.0.1","asked":3,"owners":[{"mac":"02:00:00:00:00:01","since":1000,"last":3000,"self":true}]},` +
		`{"address":"10.0.0.2","asked":3,"owners":[],"silentSince":1000},` +
		`{"address":"10.0.0.3","asked":0,"owners":[]}],"groups":[{"name":"kubevip.dev/edge","count":6,"roundMs":4000,` +
		`"owners":[{"mac":"02:00:00:00:00:01","count":3},{"mac":"02:00:00:00:00:02","count":2}],"odd":[` +
		`{"address":"10.0.0.12","owners":[{"mac":"02:00:00:00:00:02","since":1000,"last":3000}]},` +
		`{"address":"10.0.0.13","owners":[{"mac":"02:00:00:00:00:01","since":1000,"last":3000},{"mac":"02:00:00:00:00:02","since":1000,"last":3000}]},` +
		`{"address":"10.0.0.14","owners":[],"silentSince":1000}],"more":0}],"heard":[]}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// groups of silent addresses, the worst that there is to tell.
func silent(groups, each int) Knowledge {
	k := Knowledge{Ledger: ledger.Ledger{}}
	for g := range groups {
		group := contract.Group{Name: fmt.Sprintf("kubevip.dev/%d", g)}
		for i := range each {
			one := address(g*each + i)
			group.Addresses = append(group.Addresses, one)
			k.Ledger[one] = entry()
		}
		k.Questions.Groups = append(k.Questions.Groups, group)
	}
	return k
}

func TestFit(t *testing.T) {
	cases := []struct {
		name           string
		groups, each   int
		most           int
		told, leftOver int
	}{
		{"tells all while there are few", 1, 50, contract.MostBytes, 50, 0},
		{"tells 100 of a group", 1, 1000, contract.MostBytes, 100, 900},
		{"tells fewer of many groups", 100, 150, contract.MostBytes, 25, 125},
		{"tells none where nothing else fits", 1, 100, 240, 0, 100},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text, err := Fit(silent(c.groups, c.each).Answers(1), c.most)
			var got contract.Answers
			if err != nil || json.Unmarshal([]byte(text), &got) != nil || len(text) > c.most {
				t.Fatalf("%v, %d bytes", err, len(text))
			}
			if group := got.Groups[0]; len(group.Odd) != c.told || group.More != c.leftOver {
				t.Errorf("told %d, left over %d", len(group.Odd), group.More)
			}
		})
	}
}

func TestFitGivesUp(t *testing.T) {
	answers := silent(1, 1).Answers(1)
	answers.Sequence, answers.Pod = 7, "pod"
	for i := range 5000 {
		answers.Control = append(answers.Control, contract.ControlAnswer{Address: address(i)})
	}
	text, err := Fit(answers, contract.MostBytes)
	if err != nil || len(text) > 500 || !strings.Contains(text, "give fewer addresses") || !strings.Contains(text, `"seq":7`) {
		t.Errorf("%v: %s", err, text)
	}
}

func TestDue(t *testing.T) {
	one := Knowledge{
		Questions: contract.Questions{Revision: "r", Control: control(address(1)), Groups: []contract.Group{{Name: "g", Addresses: []netip.Addr{address(2)}}}},
		Ledger:    ledger.Ledger{address(1): entry(1), address(2): entry(1)},
	}
	changed := func(change func(*Knowledge)) Knowledge {
		other := one
		other.Ledger = ledger.Ledger{address(1): entry(1), address(2): entry(1)}
		change(&other)
		return other
	}
	cases := []struct {
		name  string
		after Knowledge
		age   int64
		want  bool
	}{
		{"the same is not written again soon", one, 4999, false},
		{"the same is written again after five seconds", one, 5000, true},
		{"a later answer of the same owner is no news", changed(func(k *Knowledge) { k.Ledger[address(1)].Owners[0].Last = 9 }), 1000, false},
		{"a longer round is no news", changed(func(k *Knowledge) { k.GroupsRound = 9 }), 1000, false},
		{"a second owner is news", changed(func(k *Knowledge) { k.Ledger[address(1)] = entry(1, 2) }), 1000, true},
		{"a second owner is told half a second after other news", changed(func(k *Knowledge) { k.Ledger[address(1)] = entry(1, 2) }), 500, true},
		{"and no sooner", changed(func(k *Knowledge) { k.Ledger[address(1)] = entry(1, 2) }), 499, false},
		{"no other news is written within a second of other", changed(func(k *Knowledge) { k.Ledger[address(1)] = entry(2) }), 999, false},
		{"another owner is news", changed(func(k *Knowledge) { k.Ledger[address(1)] = entry(2) }), 1000, true},
		{"silence is news", changed(func(k *Knowledge) { k.Ledger[address(1)] = entry() }), 1000, true},
		{"this node as an owner is news", changed(func(k *Knowledge) { k.Ledger[address(1)].Owners[0].IsSelf = true }), 1000, true},
		{"silence of a Service address is news", changed(func(k *Knowledge) { k.Ledger[address(2)] = entry() }), 1000, true},
		{"another owner of a Service address is news", changed(func(k *Knowledge) { k.Ledger[address(2)] = entry(2) }), 1000, true},
		{"trouble is news", changed(func(k *Knowledge) { k.Trouble = "x" }), 1000, true},
		{"another interface is news", changed(func(k *Knowledge) { k.Interface = "eth1" }), 1000, true},
		{"a missing subnet is news", changed(func(k *Knowledge) { k.Missing = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} }), 1000, true},
		{"other questions are news", changed(func(k *Knowledge) { k.Questions.Revision = "s" }), 1000, true},
		{"an unasked claim is news", changed(func(k *Knowledge) { k.Heard = Remember(nil, address(1), macOf(3), 5) }), 1000, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Due(c.age, 0, StateOf(one.Answers(1)), StateOf(c.after.Answers(2))); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// What is other than one owner is told every second, for as long as it is young.
func TestDueWhileOpen(t *testing.T) {
	cases := []struct {
		name    string
		control *ledger.Entry
		at, age int64
		want    bool
	}{
		{"two owners that are new", entry(1, 2), 5_999, 500, true},
		{"two owners that are new, within half a second", entry(1, 2), 5_999, 499, false},
		{"two owners that are no longer new", entry(1, 2), 6_000, 999, false},
		{"silence that is new", entry(), 5_999, 500, true},
		{"two owners", entry(1, 2), 30_999, 1000, true},
		{"two owners, within a second", entry(1, 2), 30_999, 999, false},
		{"two owners for half a minute", entry(1, 2), 31_000, 4999, false},
		{"silence", entry(), 30_999, 1000, true},
		{"silence for half a minute", entry(), 31_000, 4999, false},
		{"one owner", entry(1), 2000, 4999, false},
		{"an address that was not asked for yet", &ledger.Entry{}, 1_700_000_000_000, 4999, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			k := Knowledge{
				Questions: contract.Questions{Control: control(address(1))},
				Ledger:    ledger.Ledger{address(1): c.control},
			}
			state := StateOf(k.Answers(c.at))
			if got := Due(c.age, 0, state, state); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestRemember(t *testing.T) {
	var heard []contract.Heard
	for i := range 30 {
		heard = Remember(heard, address(i), macOf(1), int64(i))
	}
	heard = Remember(heard, address(15), macOf(1), 99)
	if len(heard) != contract.MostHeard || heard[0].Address != address(10) || heard[19].At != 99 {
		t.Errorf("got %v", heard)
	}
}

func BenchmarkAnswersOf20000(b *testing.B) {
	k := silent(1, 20_000)
	for _, entry := range k.Ledger {
		entry.SilentSince, entry.Owners = 0, []ledger.Owner{{MAC: macOf(1)}}
	}
	for b.Loop() {
		StateOf(k.Answers(1))
	}
}
