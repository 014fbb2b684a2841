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
}

// StateOf takes the state out of answers.
func StateOf(answers contract.Answers) State {
	state := State{revision: answers.Revision, network: answers.Interface + " " + answers.MAC, trouble: answers.Trouble}
	for _, subnet := range answers.Missing {
		state.missing += subnet.String() + " "
	}
	for _, one := range answers.Control {
		state.add(one.Address.String(), one.Owners, one.SilentSince)
		state.IsOpen = state.IsOpen || isOpen(one, answers.At)
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
func isOpen(one contract.ControlAnswer, now int64) bool {
	last := one.SilentSince
	for _, owner := range one.Owners {
		last = max(last, owner.Since)
	}
	return len(one.Owners) != 1 && now-last < Settled
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

func (s State) equals(other State) bool {
	return s.revision == other.revision && s.network == other.network && s.trouble == other.trouble &&
		s.missing == other.missing && slices.Equal(s.addresses, other.addresses)
}

// Due says whether answers should be written now: at once when they are news, once a second while that is open,
// and else to show that this witness lives.
func Due(now, written int64, before, state State) bool {
	age := now - written
	return age >= Renew || (age >= Apart && (state.IsOpen || !before.equals(state)))
}
