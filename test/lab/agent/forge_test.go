package main

import (
	"encoding/hex"
	"net"
	"net/netip"
	"testing"
)

func TestGratuitousARP(t *testing.T) {
	frame := gratuitousARP(net.HardwareAddr{2, 0, 0, 0, 0, 1}, netip.MustParseAddr("203.0.113.100"))
	want := "ffffffffffff020000000001080600010800060400010200000000" + "01cb007164000000000000cb007164"
	if got := hex.EncodeToString(frame); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestMalformed(t *testing.T) {
	mac := net.HardwareAddr{2, 0, 0, 0, 0, 1}
	for range 1000 {
		if frame := malformed(mac, mac, netip.MustParseAddr("203.0.113.100")); len(frame) < 20 || len(frame) > longestFrame {
			t.Fatalf("has %d bytes", len(frame))
		}
	}
}
