// Package contract is what a witness and the operator say to each other, and how much of it. The same shapes
// are in src/witness/contract.ts.
package contract

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
)

const (
	// Version of both documents.
	Version = 1
	// QuestionsKey is the key of the ConfigMap that has the questions.
	QuestionsKey = "questions"
	// AnswersAnnotation of the Lease has the answers.
	AnswersAnnotation = "kubevip.dev/answers"
	// MostBytes is how long the answers may be. All annotations of an object may have 256 KiB together.
	MostBytes = 200_000
	// MostOdd addresses of a group are told one by one.
	MostOdd = 100
	// MostHeard claims that nothing asked for are told.
	MostHeard = 20
)

// Questions are what the operator wants to know of a segment.
type Questions struct {
	Version  int            `json:"v"`
	Revision string         `json:"revision"`
	Subnets  []netip.Prefix `json:"subnets"`
	// Control has addresses of control planes, which are asked every second.
	Control []Asked `json:"control"`
	// Groups have addresses of Services, which are asked in turn.
	Groups []Group `json:"groups"`
}

// Asked is one address.
type Asked struct {
	Address netip.Addr `json:"address"`
}

// Group has the addresses of one class of Services.
type Group struct {
	Name      string       `json:"name"`
	Addresses []netip.Addr `json:"addresses"`
}

// ParseQuestions reads the ConfigMap's text.
func ParseQuestions(text string) (Questions, error) {
	var questions Questions
	if err := json.Unmarshal([]byte(text), &questions); err != nil {
		return Questions{}, fmt.Errorf("cannot read the questions: %w; update the operator and the witness to one version", err)
	}
	if questions.Version != Version {
		return Questions{}, fmt.Errorf("expected questions of version %d, found %d; update the operator and the witness to one version",
			Version, questions.Version)
	}
	return questions, questions.fault()
}

// fault says which address or subnet is none. JSON's empty text is read as one.
func (q Questions) fault() error {
	for _, address := range slices.Concat(q.ControlAddresses(), q.GroupAddresses()) {
		if !address.IsValid() || address.Zone() != "" || address.Is4In6() {
			return fmt.Errorf("questions: expected a plain address, found %q; update the operator and the witness to one version", address)
		}
	}
	for _, subnet := range q.Subnets {
		if !subnet.IsValid() {
			return fmt.Errorf("questions: expected a subnet, found %q; update the operator and the witness to one version", subnet)
		}
	}
	return nil
}

// ControlAddresses are those that are asked every second.
func (q Questions) ControlAddresses() []netip.Addr {
	addresses := make([]netip.Addr, 0, len(q.Control))
	for _, asked := range q.Control {
		addresses = append(addresses, asked.Address)
	}
	return addresses
}

// GroupAddresses are those that are asked in turn.
func (q Questions) GroupAddresses() []netip.Addr {
	addresses := []netip.Addr{}
	for _, group := range q.Groups {
		addresses = append(addresses, group.Addresses...)
	}
	return addresses
}

// Answers are what a witness has seen until a moment. Times are milliseconds of its own clock.
type Answers struct {
	Version int `json:"v"`
	// Sequence counts what this process has written.
	Sequence int64  `json:"seq"`
	Revision string `json:"revision"`
	Pod      string `json:"pod"`
	At       int64  `json:"at"`

	Interface string `json:"interface"`
	MAC       string `json:"mac"`
	// Missing are the subnets in which this node has no interface. Nothing is known of their addresses.
	Missing []netip.Prefix `json:"missing"`
	// Trouble says why the answers cannot be relied on. It is empty while they can.
	Trouble string `json:"trouble"`

	// ControlRoundMs is how long it takes to ask all control-plane addresses once.
	ControlRoundMs int64           `json:"controlRoundMs"`
	Control        []ControlAnswer `json:"control"`
	Groups         []GroupAnswer   `json:"groups"`
	Heard          []Heard         `json:"heard"`
}

// ControlAnswer is what is known of one address.
type ControlAnswer struct {
	Address netip.Addr `json:"address"`
	// Asked counts the questions since the first. Zero: the node has no interface that leads there.
	Asked  int         `json:"asked"`
	Owners []OwnerSeen `json:"owners"`
	// SilentSince is there while nothing answers.
	SilentSince int64 `json:"silentSince,omitempty"`
}

// OwnerSeen is an interface that answered one of the last three questions, or this node's own.
type OwnerSeen struct {
	MAC    string `json:"mac"`
	Since  int64  `json:"since"`
	Last   int64  `json:"last"`
	IsSelf bool   `json:"self,omitempty"`
}

// GroupAnswer is what is known of the addresses of one group.
type GroupAnswer struct {
	Name string `json:"name"`
	// Count is how many addresses the group has.
	Count int `json:"count"`
	// RoundMs is how long it takes to ask all addresses of all groups once.
	RoundMs int64 `json:"roundMs"`
	// Owners have at least one address each, the one with the most first.
	Owners []OwnerCount `json:"owners"`
	// Odd are addresses with no owner, with several, or with another than most have.
	Odd []OddAnswer `json:"odd"`
	// More counts the odd ones that are not told.
	More int `json:"more"`
}

// OwnerCount is how many addresses an interface answers for.
type OwnerCount struct {
	MAC   string `json:"mac"`
	Count int    `json:"count"`
}

// OddAnswer is what is known of an address that is not as most of its group are.
type OddAnswer struct {
	Address     netip.Addr  `json:"address"`
	Owners      []OwnerSeen `json:"owners"`
	SilentSince int64       `json:"silentSince,omitempty"`
}

// Heard is a claim that nothing asked for, by an interface that had not answered for the address before.
type Heard struct {
	Address netip.Addr `json:"address"`
	MAC     string     `json:"mac"`
	At      int64      `json:"at"`
}
