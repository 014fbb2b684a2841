package main

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// announcer keeps on this node exactly the addresses that its owners asked for. An owner is the control
// plane or one Service; an address stays as long as one owner wants it.
type announcer struct {
	network network

	mutex  sync.Mutex
	wanted map[string][]address
	closed bool
}

func newAnnouncer(network network) *announcer {
	return &announcer{network: network, wanted: map[string][]address{}}
}

// run adds, re-adds and announces at every tick, until ctx ends. A failed add is only logged and tried
// again, as kube-vip does: so a process without NET_ADMIN holds the Lease and no address.
func (a *announcer) run(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			a.refresh()
		}
	}
}

func (a *announcer) refresh() {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for _, addresses := range a.wanted {
		for _, address := range addresses {
			a.hold(address)
		}
	}
}

// set replaces what one owner wants; nothing means that it wants no address.
func (a *announcer) set(owner string, next []address) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.closed {
		return
	}
	before := a.wanted[owner]
	a.wanted[owner] = next
	if len(next) == 0 {
		delete(a.wanted, owner)
	}
	for _, address := range before {
		if !a.isWanted(address) {
			a.release(address)
		}
	}
	for _, address := range next {
		if !slices.Contains(before, address) {
			a.hold(address)
		}
	}
}

// close removes everything and accepts nothing more: an election that is won while the process ends
// must not leave an address behind.
func (a *announcer) close() {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.closed = true
	for _, addresses := range a.wanted {
		for _, address := range addresses {
			a.release(address)
		}
	}
	a.wanted = map[string][]address{}
}

func (a *announcer) owners() (owners []string) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for owner := range a.wanted {
		owners = append(owners, owner)
	}
	return owners
}

func (a *announcer) isWanted(wanted address) bool {
	for _, addresses := range a.wanted {
		if slices.Contains(addresses, wanted) {
			return true
		}
	}
	return false
}

func (a *announcer) hold(held address) {
	present, err := a.network.has(held)
	if err == nil && !present {
		if err = a.network.add(held); err == nil {
			slog.Info("added address", "address", held)
		}
	}
	if err != nil {
		slog.Error("cannot add address", "address", held, "error", err)
		return
	}
	if err := a.network.announce(held); err != nil {
		slog.Error("cannot announce address", "address", held, "error", err)
	}
}

func (a *announcer) release(held address) {
	present, err := a.network.has(held)
	if err == nil && present {
		if err = a.network.remove(held); err == nil {
			slog.Info("removed address", "address", held)
		}
	}
	if err != nil {
		slog.Error("cannot remove address", "address", held, "error", err)
	}
}
