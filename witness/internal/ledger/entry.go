// Package ledger remembers who answered for each address. It knows no clock: times, in milliseconds, are given.
package ledger

import (
	"slices"

	"kubevip.dev/operator/witness/internal/wire"
)

const (
	// Patience is how many questions in a row an owner may leave unanswered, since frames get lost.
	Patience = 3
	// movedAfter: when another answers, an owner that was last heard so long ago has moved.
	movedAfter = 5_000
	// mostOwners are remembered of one address. More can only be forged.
	mostOwners = 16
)

// Owner is one interface that answers for an address.
type Owner struct {
	MAC wire.MAC
	// Since and Last are when it answered first and last.
	Since, Last int64
	// IsSelf means that this node has the address. Its kernel says so, and it cannot be asked.
	IsSelf bool

	missed int
}

// Entry is what is known of one address.
type Entry struct {
	// Asked counts the questions.
	Asked int
	// SilentSince is when the first of the last questions was asked, none of which was answered. Zero: answered.
	SilentSince int64
	Owners      []Owner

	isOpen     bool
	askedAt    int64
	answers    []Owner
	unanswered int
	firstInRow int64
	confirm    int
}

// Ask opens a question.
func (e *Entry) Ask(now int64) {
	e.Close()
	e.Asked++
	e.isOpen, e.askedAt = true, now
}

// Hear takes an answer, and says whether something is known now that was not. What comes while a question is
// open counts when it closes, so that an owner that left and the one that followed are not seen together.
func (e *Entry) Hear(mac wire.MAC, now int64) bool {
	answer := Owner{MAC: mac, Since: now, Last: now}
	if !e.isOpen {
		isNews := e.SilentSince != 0
		e.end()
		return e.take(answer) || isNews
	}
	if !hasMAC(e.answers, mac) && len(e.answers) < mostOwners {
		e.answers = append(e.answers, answer)
	}
	return false
}

// Close ends a question: whoever has answered until now owns the address. It says whether something is known
// now that was not.
func (e *Entry) Close() bool {
	if !e.isOpen {
		return false
	}
	e.isOpen = false
	if e.confirm > 0 {
		e.confirm--
	}
	isAnswered := len(e.answers) > 0 || e.isHeld()
	isOther := e.takeAnswers(isAnswered)
	if isOther && e.Asked > 1 {
		e.confirm = Patience - 1
	}
	before := e.SilentSince
	if isAnswered {
		e.end()
	} else {
		e.stayedSilent()
	}
	return isOther || e.SilentSince != before
}

// takeAnswers brings the list of owners up to date, and says whether it has others now.
func (e *Entry) takeAnswers(isAnswered bool) bool {
	for i := range e.Owners {
		e.Owners[i].missed++
	}
	isOther := false
	for _, answer := range e.answers {
		isOther = e.take(answer) || isOther
	}
	e.answers = nil
	before := len(e.Owners)
	e.Owners = slices.DeleteFunc(e.Owners, func(o Owner) bool { return !o.IsSelf && e.hasLeft(o, isAnswered) })
	return isOther || len(e.Owners) < before
}

func (e *Entry) hasLeft(o Owner, isAnswered bool) bool {
	return o.missed >= Patience || (isAnswered && o.missed > 0 && e.askedAt-o.Last > movedAfter)
}

// take puts an owner into the list, or says when it was heard last. It returns whether it is a new one.
func (e *Entry) take(answer Owner) bool {
	for i := range e.Owners {
		if e.Owners[i].MAC == answer.MAC {
			e.Owners[i].Last, e.Owners[i].missed = answer.Last, 0
			return false
		}
	}
	if len(e.Owners) >= mostOwners {
		return false
	}
	e.Owners = append(e.Owners, answer)
	return true
}

func (e *Entry) end() { e.SilentSince, e.unanswered = 0, 0 }

func (e *Entry) stayedSilent() {
	if e.unanswered == 0 {
		e.firstInRow = e.askedAt
	}
	e.unanswered++
	if e.unanswered >= Patience && len(e.Owners) == 0 {
		e.SilentSince = e.firstInRow
	}
}

// Hold says that this node has the address, by which hardware address. It returns whether that is new.
func (e *Entry) Hold(mac wire.MAC, now int64) bool {
	e.end()
	for i := range e.Owners {
		if e.Owners[i].IsSelf && e.Owners[i].MAC == mac {
			e.Owners[i].Last = now
			return false
		}
	}
	e.Release()
	e.Owners = append(e.Owners, Owner{MAC: mac, Since: now, Last: now, IsSelf: true})
	return true
}

// Release says that this node does not have the address, and returns whether that is new.
func (e *Entry) Release() bool {
	before := len(e.Owners)
	e.Owners = slices.DeleteFunc(e.Owners, func(o Owner) bool { return o.IsSelf })
	return len(e.Owners) < before
}

func (e *Entry) isHeld() bool {
	return slices.ContainsFunc(e.Owners, func(o Owner) bool { return o.IsSelf })
}

// Has says whether an interface is among the owners.
func (e *Entry) Has(mac wire.MAC) bool { return hasMAC(e.Owners, mac) }

func hasMAC(owners []Owner, mac wire.MAC) bool {
	return slices.ContainsFunc(owners, func(o Owner) bool { return o.MAC == mac })
}

// AskedAt is when the last question was asked.
func (e *Entry) AskedAt() int64 { return e.askedAt }

// disputed is how long a second owner is a new one. Until then each question tells whether an address moves or has two.
const disputed = 4_000

// IsDisputed says whether several own the address, one of them for a short time.
func (e *Entry) IsDisputed() bool {
	isNew := func(o Owner) bool { return e.askedAt-o.Since < disputed }
	return len(e.Owners) > 1 && slices.ContainsFunc(e.Owners, isNew)
}

const (
	soon  = 1_000
	often = 2_000
	later = 10_000
)

// AskAgainIn is how soon an address should be asked again without waiting for its turn: while it is not clear
// who has it, while two have it, and while none has. Zero: its turn is soon enough.
func (e *Entry) AskAgainIn() int64 {
	isMissing := slices.ContainsFunc(e.Owners, func(o Owner) bool { return !o.IsSelf && o.missed > 0 })
	switch {
	case isMissing, e.confirm > 0, e.unanswered > 0 && e.unanswered < Patience:
		return soon
	case len(e.Owners) > 1:
		return often
	case e.SilentSince != 0:
		return later
	}
	return 0
}
