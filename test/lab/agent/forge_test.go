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

func TestProxyAnswer(t *testing.T) {
	probe := "ffffffffffff" + "020000000002" + "08060001080006040001" + "020000000002" + "00000000" + "000000000000" + "cb007164"
	answer := "020000000002" + "020000000001" + "08060001080006040002" + "020000000001" + "cb007164" + "020000000002" + "00000000"
	for _, c := range []struct{ name, frame, want string }{
		{"a probe", probe, answer},
		{"a question of a host", probe[:56] + "cb00710b" + probe[64:], ""},
		{"an answer", probe[:40] + "0002" + probe[44:], ""},
		{"half a frame", probe[:60], ""},
	} {
		frame, _ := hex.DecodeString(c.frame)
		if got := hex.EncodeToString(proxyAnswer(net.HardwareAddr{2, 0, 0, 0, 0, 1}, frame)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
