package schedule

import (
	"container/heap"
	"net/netip"
)

// urgent has the addresses that are asked out of turn, each once, by the time when that is due.
type urgent struct {
	queue  queue
	queued map[netip.Addr]int64
	known  map[netip.Addr]bool
}

func (u *urgent) keep(addresses []netip.Addr) {
	u.known = make(map[netip.Addr]bool, len(addresses))
	for _, address := range addresses {
		u.known[address] = true
	}
}

func (u *urgent) add(address netip.Addr, at int64) {
	before, isQueued := u.queued[address]
	if !u.known[address] || (isQueued && before <= at) {
		return
	}
	if u.queued == nil {
		u.queued = map[netip.Addr]int64{}
	}
	u.queued[address] = at
	heap.Push(&u.queue, turn{address, at})
}

func (u *urgent) next(now int64) (netip.Addr, bool) {
	for len(u.queue) > 0 && u.queue[0].last <= now {
		one := heap.Pop(&u.queue).(turn)
		// An address that became due sooner is in the queue twice. Its other entry is out of date.
		if at, isQueued := u.queued[one.address]; !isQueued || at != one.last {
			continue
		}
		delete(u.queued, one.address)
		if u.known[one.address] {
			return one.address, true
		}
	}
	return netip.Addr{}, false
}

// queue is a heap whose first element is due first.
type queue []turn

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].last < q[j].last }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(one any)      { *q = append(*q, one.(turn)) }

func (q *queue) Pop() any {
	last := len(*q) - 1
	one := (*q)[last]
	*q = (*q)[:last]
	return one
}
