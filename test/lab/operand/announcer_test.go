package main

import (
	"encoding/hex"
	"errors"
	"net"
	"net/netip"
	"testing"
)

// node is a network that lives in memory.
type node struct {
	present   map[address]bool
	announced int
	deny      bool
}

func (n *node) has(a address) (bool, error) { return n.present[a], nil }
func (n *node) remove(a address) error      { delete(n.present, a); return nil }
func (n *node) announce(address) error      { n.announced++; return nil }
func (n *node) add(a address) error {
	if n.deny {
		return errors.New("operation not permitted")
	}
	n.present[a] = true
	return nil
}

func vip(text string) address { return address{"eth0", netip.MustParsePrefix(text)} }

func TestAnnouncer(t *testing.T) {
	a, b := vip("203.0.113.7/32"), vip("203.0.113.8/32")
	cases := []struct {
		name string
		act  func(*announcer, *node)
		want []address
	}{
		{"binds what an owner wants", func(x *announcer, _ *node) { x.set("s1", []address{a, b}) }, []address{a, b}},
		{"drops what it no longer wants", func(x *announcer, _ *node) {
			x.set("s1", []address{a})
			x.set("s1", []address{b})
		}, []address{b}},
		{"keeps what another owner still wants", func(x *announcer, _ *node) {
			x.set("s1", []address{a})
			x.set("s2", []address{a})
			x.set("s1", nil)
		}, []address{a}},
		{"re-adds what somebody removed", func(x *announcer, n *node) {
			x.set("s1", []address{a})
			delete(n.present, a)
			x.refresh()
		}, []address{a}},
		{"adds at a later tick what was refused before", func(x *announcer, n *node) {
			n.deny = true
			x.set("s1", []address{a})
			n.deny = false
			x.refresh()
		}, []address{a}},
		{"removes everything when closed, and stays closed", func(x *announcer, _ *node) {
			x.set("s1", []address{a})
			x.close()
			x.set("s2", []address{b})
			x.refresh()
		}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n := &node{present: map[address]bool{}}
			c.act(newAnnouncer(n), n)
			if len(n.present) != len(c.want) {
				t.Fatalf("holds %v, want %v", n.present, c.want)
			}
			for _, address := range c.want {
				if !n.present[address] {
					t.Fatalf("holds %v, want %v", n.present, c.want)
				}
			}
		})
	}
}

func TestAnnouncerAnnouncesAtOnceAndAtEveryTick(t *testing.T) {
	n := &node{present: map[address]bool{}}
	x := newAnnouncer(n)
	x.set("s1", []address{vip("203.0.113.7/32")})
	x.refresh()
	if n.announced != 2 {
		t.Fatalf("announced %d times", n.announced)
	}
}

func TestGratuitousARPBytes(t *testing.T) {
	mac := net.HardwareAddr{2, 0, 0, 0, 0, 0x0a}
	got := hex.EncodeToString(gratuitousARP(mac, netip.MustParseAddr("203.0.113.100")))
	want := "ffffffffffff" + "02000000000a" + "0806" + // Ethernet: to all, from us, ARP
		"0001" + "0800" + "06" + "04" + "0001" + // Ethernet and IPv4, request
		"02000000000a" + "cb007164" + // sender
		"000000000000" + "cb007164" // target: the same address
	if got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}
