package ledger

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"kubevip.dev/operator/witness/internal/wire"
)

// A story is a row of questions: when each was asked, and who answered it (a, b or me: this node).
type question struct {
	at      int64
	answers string
}

func macOf(name string) wire.MAC { return wire.MAC{2, 0, 0, 0, 0, name[0]} }

func tell(entry *Entry, story []question) {
	for _, q := range story {
		entry.Ask(q.at)
		for name := range strings.FieldsSeq(q.answers) {
			if name == "me" {
				entry.Hold(macOf("me"), q.at)
			} else {
				entry.Hear(macOf(name), q.at+1)
			}
		}
		if !strings.Contains(q.answers, "me") {
			entry.Release()
		}
		entry.Close()
	}
}

func summary(entry *Entry) string {
	words := []string{}
	for _, owner := range entry.Owners {
		words = append(words, fmt.Sprintf("%c %d-%d", owner.MAC[5], owner.Since, owner.Last))
	}
	if entry.SilentSince != 0 {
		words = append(words, fmt.Sprintf("silent since %d", entry.SilentSince))
	}
	return strings.Join(words, ", ")
}

func TestOwners(t *testing.T) {
	cases := []struct {
		name  string
		story []question
		want  string
		again int64
	}{
		{"one that always answers is the owner since its first answer",
			[]question{{1000, "a"}, {2000, "a"}, {3000, "a"}}, "a 1001-3001", 0},
		{"two that answer are two owners, asked again often",
			[]question{{1000, "a"}, {2000, "a b"}, {3000, "a b"}, {4000, "a b"}, {5000, "a b"}}, "a 1001-5001, b 2001-5001", often},
		{"a second owner is asked for again at once",
			[]question{{1000, "a"}, {2000, "a b"}}, "a 1001-2001, b 2001-2001", soon},
		{"one answer that got lost changes nothing, and is asked for again",
			[]question{{1000, "a"}, {2000, ""}}, "a 1001-1001", soon},
		{"two answers that got lost change nothing",
			[]question{{1000, "a"}, {2000, ""}, {3000, ""}}, "a 1001-1001", soon},
		{"three that did not come are silence, since the first of them",
			[]question{{1000, "a"}, {2000, ""}, {3000, ""}, {4000, ""}}, "silent since 2000", soon},
		{"silence is asked for less often after a while",
			[]question{{1000, "a"}, {2000, ""}, {3000, ""}, {4000, ""}, {5000, ""}, {6000, ""}}, "silent since 2000", later},
		{"an address that never answered is silent since the first question",
			[]question{{1000, ""}, {2000, ""}, {3000, ""}, {4000, ""}}, "silent since 1000", later},
		{"an answer ends silence",
			[]question{{1000, ""}, {2000, ""}, {3000, ""}, {4000, "b"}, {5000, "b"}, {6000, "b"}}, "b 4001-6001", 0},
		{"a move within seconds shows both until the first has missed three questions",
			[]question{{1000, "a"}, {2000, "b"}, {3000, "b"}}, "a 1001-1001, b 2001-3001", soon},
		{"and only the second then",
			[]question{{1000, "a"}, {2000, "b"}, {3000, "b"}, {4000, "b"}}, "b 2001-4001", soon},
		{"a move between two rounds of minutes never shows both",
			[]question{{1000, "a"}, {400_000, "b"}}, "b 400001-400001", soon},
		{"a second owner after minutes shows both",
			[]question{{1000, "a"}, {400_000, "a b"}}, "a 1001-400001, b 400001-400001", soon},
		{"this node is an owner, though it answers no question of its own",
			[]question{{1000, "me"}, {2000, "me"}, {3000, "me"}}, "m 1000-3000", 0},
		{"this node and another are two owners",
			[]question{{1000, "me"}, {2000, "me b"}, {3000, "me b"}, {4000, "me b"}}, "m 1000-4000, b 2001-4001", often},
		{"this node is no owner at once when its kernel says so",
			[]question{{1000, "me"}, {2000, ""}}, "", soon},
		{"this node takes over from another",
			[]question{{1000, "a"}, {2000, "me"}, {3000, "me"}, {4000, "me"}}, "m 2000-4000", soon},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			entry := &Entry{}
			tell(entry, c.story)
			if got := summary(entry); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if got := entry.AskAgainIn(); got != c.again {
				t.Errorf("asks again in %d, want %d", got, c.again)
			}
			if entry.Asked != len(c.story) {
				t.Errorf("asked %d", entry.Asked)
			}
		})
	}
}

func TestAnswerAfterTheQuestionIsClosed(t *testing.T) {
	entry := &Entry{}
	tell(entry, []question{{1000, ""}, {2000, ""}, {3000, ""}})
	entry.Hear(macOf("a"), 3900)
	if got := summary(entry); got != "a 3900-3900" {
		t.Errorf("got %q", got)
	}
}

func TestForgedOwners(t *testing.T) {
	entry := &Entry{}
	for round := range int64(5) {
		entry.Ask(round * 1000)
		for i := range 250 {
			entry.Hear(wire.MAC{2, 0, 0, byte(round), 0, byte(i)}, round*1000)
		}
		entry.Close()
	}
	if len(entry.Owners) > mostOwners {
		t.Errorf("remembers %d owners", len(entry.Owners))
	}
}

func TestKeep(t *testing.T) {
	one, two := netip.MustParseAddr("203.0.113.1"), netip.MustParseAddr("203.0.113.2")
	ledger := Ledger{}
	ledger.Keep([]netip.Addr{one})
	ledger[one].Ask(5)
	ledger.Keep([]netip.Addr{one, two})
	if ledger[one].Asked != 1 || ledger[two] == nil {
		t.Errorf("got %v", ledger)
	}
	ledger.Keep([]netip.Addr{two})
	if ledger[one] != nil || len(ledger) != 1 {
		t.Errorf("got %v", ledger)
	}
}
