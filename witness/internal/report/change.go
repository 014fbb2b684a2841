package report

import (
	"slices"

	"kubevip.dev/operator/witness/internal/contract"
)

const (
	// Renew is the time between two answers while nothing changes.
	Renew = 5_000
	// Apart is the least time between two answers.
	Apart = 1_000
	// Soon is the same while a control-plane address has just got other than one owner.
	Soon = 500
	// Young is how long that lasts.
	Young = 5_000
	// Settled is how long a control-plane address must have been as it is. Until then it is told again and again
	// that it has other than one owner, because the operator judges by how long that lasts.
	Settled = 30_000
)

// State is the part of some answers that is news when it differs: who owns what, but not when it was last heard.
type State struct {
	revision, network, trouble string
	missing                    string
	addresses                  []string
	// IsOpen while a control-plane address has had other than one owner for a short time.
	IsOpen bool
	// isYoung while that is for a very short time.
	isYoung bool
}

// StateOf takes the state out of answers.
func StateOf(answers contract.Answers) State {
	state := State{revision: answers.Revision, network: answers.Interface + " " + answers.MAC, trouble: answers.Trouble}
	for _, subnet := range answers.Missing {
		state.missing += subnet.String() + " "
	}
	for _, one := range answers.Control {
		state.add(one.Address.String(), one.Owners, one.SilentSince)
		state.IsOpen = state.IsOpen || isOpen(one, answers.At, Settled)
		state.isYoung = state.isYoung || isOpen(one, answers.At, Young)
	}
	for _, group := range answers.Groups {
		for _, owner := range group.Owners {
			state.addresses = append(state.addresses, group.Name+" "+owner.MAC)
		}
		for _, one := range group.Odd {
			state.add(one.Address.String(), one.Owners, one.SilentSince)
		}
	}
	for _, one := range answers.Heard {
		state.addresses = append(state.addresses, "heard "+one.Address.String()+" "+one.MAC)
	}
	slices.Sort(state.addresses)
	return state
}

// isOpen is false for an address of which nothing is known yet.
func isOpen(one contract.ControlAnswer, now, span int64) bool {
	last := one.SilentSince
	for _, owner := range one.Owners {
		last = max(last, owner.Since)
	}
	return len(one.Owners) != 1 && now-last < span
}

func (s *State) add(address string, owners []contract.OwnerSeen, silentSince int64) {
	text := address
	for _, owner := range owners {
		text += " " + owner.MAC
		if owner.IsSelf {
			text += " self"
		}
	}
	if silentSince != 0 {
		text += " silent"
	}
	s.addresses = append(s.addresses, text)
}

// Equals says whether two states are the same to whoever reads them.
func (s State) Equals(other State) bool {
	return s.revision == other.revision && s.network == other.network && s.trouble == other.trouble &&
		s.missing == other.missing && slices.Equal(s.addresses, other.addresses)
}

// Due says whether answers should be written now: at once when they are news, again and again while that is open,
// and else to show that this witness lives.
func Due(now, written int64, before, state State) bool {
	age := now - written
	least := int64(Apart)
	if state.isYoung {
		least = Soon
	}
	return age >= Renew || (age >= least && (state.IsOpen || !before.Equals(state)))
}
