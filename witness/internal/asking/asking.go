// Package asking is the heart of a witness: it decides what is asked when, and keeps what is answered. It opens
// no socket and knows no clock, so a test can play a whole segment.
package asking

import (
	"fmt"
	"net"
	"net/netip"

	"kubevip.dev/operator/witness/internal/contract"
	"kubevip.dev/operator/witness/internal/host"
	"kubevip.dev/operator/witness/internal/ledger"
	"kubevip.dev/operator/witness/internal/report"
	"kubevip.dev/operator/witness/internal/schedule"
	"kubevip.dev/operator/witness/internal/wire"
)

// Network is what is asked.
type Network interface {
	// Use opens what is needed to ask by these interfaces, and closes what is not. It says why it cannot.
	Use(interfaces []host.Interface) error
	// Send puts a frame on the segment.
	Send(by host.Interface, frame []byte, to net.HardwareAddr) error
	// Trouble says why answers may have got lost lately. Empty: none were.
	Trouble() string
}

// window is how long an answer may take. A later one counts too, but not for the question that was asked.
const window = 300

// Asker asks and remembers.
type Asker struct {
	network   Network
	questions contract.Questions
	ledger    ledger.Ledger
	schedule  schedule.Schedule
	open      []open
	heard     []contract.Heard

	node    host.Node
	using   map[string]bool
	missing []netip.Prefix
	first   host.Interface

	// Why it cannot ask, by what is wrong.
	refused, unusable, unsent string
	// situation is what it was like at the last look: the interface, what is missing, and what is wrong.
	situation string
	isNews    bool
}

// open is a question whose answers may still come.
type open struct {
	address netip.Addr
	until   int64
}

// New asks nothing until it has questions.
func New(network Network) *Asker {
	return &Asker{network: network, ledger: ledger.Ledger{}, using: map[string]bool{}}
}

// Ask takes other questions. What is known of addresses that stay is kept.
func (a *Asker) Ask(questions contract.Questions, now int64) {
	control, groups := questions.ControlAddresses(), questions.GroupAddresses()
	a.questions, a.refused, a.isNews = questions, "", true
	a.ledger.Keep(append(control, groups...))
	a.schedule.Set(control, groups, now)
	a.Look(a.node, now)
}

// Refuse takes note of questions that cannot be read. The former ones go on.
func (a *Asker) Refuse(err error) {
	a.isNews = a.isNews || a.refused != err.Error()
	a.refused = err.Error()
}

// Look takes in what the kernel says of this node.
func (a *Asker) Look(node host.Node, now int64) {
	a.node, a.missing, a.first, a.using = node, nil, host.Interface{}, map[string]bool{}
	var needed []host.Interface
	for _, subnet := range a.questions.Subnets {
		by, ok := node.Within(subnet)
		switch {
		case !ok:
			a.missing = append(a.missing, subnet)
		case !a.using[by.Name]:
			a.using[by.Name] = true
			needed = append(needed, by)
		}
	}
	if len(needed) > 0 {
		a.first = needed[0]
	}
	a.unusable = textOf(a.network.Use(needed))
	before := a.situation
	a.situation = fmt.Sprint(a.first.Name, a.first.MAC, a.missing, a.Trouble())
	a.isNews = a.isNews || a.situation != before
	a.lookForOwn(now)
}

// lookForOwn finds the addresses that this node has.
func (a *Asker) lookForOwn(now int64) {
	for address, entry := range a.ledger {
		if mac, holds := a.node.Holds(address); holds {
			a.isNews = entry.Hold(mac, now) || a.isNews
		} else {
			a.isNews = entry.Release() || a.isNews
		}
	}
}

// Tick closes questions whose time is over, and asks the next.
func (a *Asker) Tick(now int64) {
	for len(a.open) > 0 && a.open[0].until <= now {
		a.close(a.open[0].address, now)
		a.open = a.open[1:]
	}
	address, ok := a.schedule.Next(now)
	if !ok {
		return
	}
	if by, ok := a.node.Towards(address); ok && a.using[by.Name] {
		a.send(address, by, now)
	}
}

func (a *Asker) send(address netip.Addr, by host.Interface, now int64) {
	frame, to, err := by.Self().Question(address)
	if err == nil {
		err = a.network.Send(by, frame, to)
	}
	if err != nil {
		// A question that never left must not look like one that nothing answers.
		a.unsent = fmt.Sprintf("cannot ask for %s on %s: %v; look at this interface of the node", address, by.Name, err)
		return
	}
	a.unsent = ""
	a.ledger[address].Ask(now)
	a.open = append(a.open, open{address, now + window})
}

func (a *Asker) close(address netip.Addr, now int64) {
	entry := a.ledger[address]
	if entry == nil {
		return
	}
	a.isNews = entry.Close() || a.isNews
	if again := entry.AskAgainIn(); again > 0 {
		a.schedule.Urge(address, entry.AskedAt()+again)
	}
	if entry.IsDisputed() {
		a.schedule.Press(address, entry.AskedAt()+schedule.Pressing)
	}
}

// Hear takes a claim that an interface of this node has read.
func (a *Asker) Hear(claim wire.Claim, by wire.MAC, now int64) {
	entry := a.ledger[claim.Address]
	// What this node has is read from its kernel: a switch may send our own frames back.
	if entry == nil || claim.MAC == by {
		return
	}
	if claim.Asked {
		a.isNews = entry.Hear(claim.MAC, now) || a.isNews
		return
	}
	if !entry.Has(claim.MAC) {
		a.heard = report.Remember(a.heard, claim.Address, claim.MAC, now)
		a.schedule.Urge(claim.Address, max(now, entry.AskedAt()+schedule.Period))
		a.schedule.Press(claim.Address, max(now, entry.AskedAt()+schedule.Pressing))
		a.isNews = true
	}
}

// HasNews says whether something has happened since the last answers.
func (a *Asker) HasNews() bool { return a.isNews }

// Answers is what is known now.
func (a *Asker) Answers(now int64) contract.Answers {
	a.isNews = false
	control, groups := a.schedule.Rounds(now)
	return report.Knowledge{
		Questions: a.questions, Ledger: a.ledger, Heard: a.heardOfNow(), Missing: a.missing,
		Interface: a.first.Name, MAC: a.first.MAC, Trouble: a.Trouble(),
		ControlRound: control, GroupsRound: groups,
	}.Answers(now)
}

// heardOfNow leaves out claims for addresses that are asked no longer.
func (a *Asker) heardOfNow() []contract.Heard {
	var heard []contract.Heard
	for _, one := range a.heard {
		if a.ledger[one.Address] != nil {
			heard = append(heard, one)
		}
	}
	return heard
}

// Trouble is the first reason why the answers cannot be relied on.
func (a *Asker) Trouble() string {
	for _, reason := range []string{a.refused, a.unusable, a.unsent} {
		if reason != "" {
			return reason
		}
	}
	return a.network.Trouble()
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Remind makes news of what is known, because the last answers did not arrive.
func (a *Asker) Remind() { a.isNews = true }
