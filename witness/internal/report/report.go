// Package report turns what a witness knows into its answers.
package report

import (
	"cmp"
	"encoding/json"
	"net/netip"
	"slices"

	"kubevip.dev/operator/witness/internal/contract"
	"kubevip.dev/operator/witness/internal/ledger"
	"kubevip.dev/operator/witness/internal/wire"
)

// Knowledge is what a report is made of.
type Knowledge struct {
	Questions contract.Questions
	Ledger    ledger.Ledger
	Heard     []contract.Heard
	// Missing subnets, and the interface that leads to the others.
	Missing   []netip.Prefix
	Interface string
	MAC       wire.MAC
	Trouble   string
	// Lengths of the rounds, in milliseconds.
	ControlRound, GroupsRound int64
}

// Answers says what is known at a moment. The sequence and the pod are the writer's to add.
func (k Knowledge) Answers(now int64) contract.Answers {
	answers := contract.Answers{
		Version:        contract.Version,
		Revision:       k.Questions.Revision,
		At:             now,
		Interface:      k.Interface,
		Missing:        notNil(k.Missing),
		Trouble:        k.Trouble,
		ControlRoundMs: k.ControlRound,
		Control:        []contract.ControlAnswer{},
		Groups:         []contract.GroupAnswer{},
		Heard:          notNil(k.Heard),
	}
	if k.MAC != (wire.MAC{}) {
		answers.MAC = k.MAC.String()
	}
	for _, address := range k.Questions.ControlAddresses() {
		entry := k.entry(address)
		answers.Control = append(answers.Control, contract.ControlAnswer{
			Address: address, Asked: entry.Asked, Owners: seen(entry.Owners), SilentSince: entry.SilentSince,
		})
	}
	for _, group := range k.Questions.Groups {
		answers.Groups = append(answers.Groups, k.group(group))
	}
	return answers
}

func (k Knowledge) entry(address netip.Addr) *ledger.Entry {
	if entry := k.Ledger[address]; entry != nil {
		return entry
	}
	return &ledger.Entry{}
}

func (k Knowledge) group(group contract.Group) contract.GroupAnswer {
	// Looked up once: a group may have 20,000 addresses.
	entries := make([]*ledger.Entry, len(group.Addresses))
	for i, address := range group.Addresses {
		entries[i] = k.entry(address)
	}
	owners := countOwners(entries)
	answer := contract.GroupAnswer{
		Name: group.Name, Count: len(entries), RoundMs: k.GroupsRound,
		Owners: make([]contract.OwnerCount, 0, len(owners)), Odd: []contract.OddAnswer{},
	}
	for _, owner := range owners[:min(len(owners), mostOwners)] {
		answer.Owners = append(answer.Owners, contract.OwnerCount{MAC: owner.mac.String(), Count: owner.count})
	}
	for i, entry := range entries {
		if !isOdd(entry, owners) {
			continue
		}
		if len(answer.Odd) == contract.MostOdd {
			answer.More++
			continue
		}
		answer.Odd = append(answer.Odd, contract.OddAnswer{
			Address: group.Addresses[i], Owners: seen(entry.Owners), SilentSince: entry.SilentSince,
		})
	}
	return answer
}

// isOdd is false for an address of which nothing is known yet.
func isOdd(entry *ledger.Entry, owners []count) bool {
	switch len(entry.Owners) {
	case 0:
		return entry.SilentSince != 0
	case 1:
		return entry.Owners[0].MAC != owners[0].mac
	}
	return true
}

type count struct {
	mac   wire.MAC
	count int
}

// countOwners says how many addresses each owner has, the one with the most first.
func countOwners(entries []*ledger.Entry) []count {
	counts := map[wire.MAC]int{}
	for _, entry := range entries {
		for _, owner := range entry.Owners {
			counts[owner.MAC]++
		}
	}
	owners := make([]count, 0, len(counts))
	for mac, sum := range counts {
		owners = append(owners, count{mac, sum})
	}
	slices.SortFunc(owners, func(a, b count) int {
		return cmp.Or(cmp.Compare(b.count, a.count), slices.Compare(a.mac[:], b.mac[:]))
	})
	return owners
}

// mostOwners of a group are told. Forged answers must not fill the annotation.
const mostOwners = 100

func seen(owners []ledger.Owner) []contract.OwnerSeen {
	list := make([]contract.OwnerSeen, 0, len(owners))
	for _, owner := range owners {
		list = append(list, contract.OwnerSeen{
			MAC: owner.MAC.String(), Since: owner.Since, Last: owner.Last, IsSelf: owner.IsSelf,
		})
	}
	slices.SortFunc(list, func(a, b contract.OwnerSeen) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.MAC, b.MAC))
	})
	return list
}

func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Fit writes answers as text that the Lease can have. Odd addresses are left out, and counted, until it fits.
func Fit(answers contract.Answers, most int) (string, error) {
	for odd := contract.MostOdd; ; odd /= 2 {
		text, err := json.Marshal(leaveOut(answers, odd))
		if err != nil || len(text) <= most || odd == 0 {
			return withinLimit(answers, text, most), err
		}
	}
}

func leaveOut(answers contract.Answers, odd int) contract.Answers {
	groups := slices.Clone(answers.Groups)
	for i, group := range groups {
		kept := min(len(group.Odd), odd)
		groups[i].Odd, groups[i].More = group.Odd[:kept], group.More+len(group.Odd)-kept
	}
	answers.Groups = groups
	return answers
}

// withinLimit gives up the answers where even the shortest are too long, and says so: half of them could be
// taken for all.
func withinLimit(answers contract.Answers, text []byte, most int) string {
	if len(text) <= most {
		return string(text)
	}
	empty := Knowledge{
		Questions: contract.Questions{Revision: answers.Revision},
		Interface: answers.Interface,
		Trouble:   "the answers are longer than a Lease may have; give fewer addresses to this segment",
	}.Answers(answers.At)
	empty.Sequence, empty.Pod = answers.Sequence, answers.Pod
	short, _ := json.Marshal(empty)
	return string(short)
}
