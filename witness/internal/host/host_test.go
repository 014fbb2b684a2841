package host

import (
	"net/netip"
	"strings"
	"testing"

	"kubevip.dev/operator/witness/internal/wire"
)

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

func up(name string, mac byte, addresses ...string) Interface {
	return Interface{Name: name, Index: int(mac), MAC: wire.MAC{2, 0, 0, 0, 0, mac}, IsUp: true, Addresses: prefixes(addresses...)}
}

var (
	loopback = Interface{Name: "lo", Addresses: prefixes("127.0.0.1/8", "203.0.113.7/32")}
	eth0     = up("eth0", 1, "203.0.113.11/24", "203.0.113.100/32", "2001:db8::11/64", "fe80::1/64")
	eth1     = up("eth1", 2, "203.0.113.130/25", "2001:db8:1::11/64")
	tunnel   = Interface{Name: "tun0", IsUp: true, Addresses: prefixes("192.0.2.1/24")}
	down     = Interface{Name: "eth2", MAC: wire.MAC{2}, Addresses: prefixes("198.51.100.1/24")}
	node     = NewNode([]Interface{loopback, eth0, eth1, tunnel, down})
)

func TestTowards(t *testing.T) {
	cases := []struct{ name, address, want string }{
		{"an address in the subnet", "203.0.113.64", "eth0"},
		{"an address in the narrower subnet of two", "203.0.113.200", "eth1"},
		{"an address that the node has itself", "203.0.113.100", "eth0"},
		{"IPv6", "2001:db8::64", "eth0"},
		{"IPv6 where the interface has no link-local address", "2001:db8:1::64", ""},
		{"an address that no subnet has", "192.168.0.1", ""},
		{"an address of an interface that is no Ethernet", "192.0.2.9", ""},
		{"an address of an interface that is down", "198.51.100.9", ""},
		{"an address of the loopback interface", "127.0.0.9", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, ok := node.Towards(netip.MustParseAddr(c.address))
			if ok != (c.want != "") || (ok && got.Name != c.want) {
				t.Errorf("got %q %v, want %q", got.Name, ok, c.want)
			}
		})
	}
}

func TestWithin(t *testing.T) {
	for subnet, want := range map[string]string{
		"203.0.113.0/24": "eth0", "203.0.113.128/25": "eth1", "2001:db8::/64": "eth0",
		"2001:db8:1::/64": "", "198.51.100.0/24": "", "10.0.0.0/8": "",
	} {
		if got, ok := node.Within(netip.MustParsePrefix(subnet)); ok != (want != "") || (ok && got.Name != want) {
			t.Errorf("%s: got %q %v, want %q", subnet, got.Name, ok, want)
		}
	}
}

func TestHolds(t *testing.T) {
	for address, want := range map[string]wire.MAC{
		"203.0.113.100": eth0.MAC, "203.0.113.7": eth0.MAC, "2001:db8::11": eth0.MAC, "203.0.113.130": eth1.MAC,
	} {
		if got, ok := node.Holds(netip.MustParseAddr(address)); !ok || got != want {
			t.Errorf("%s: got %v %v, want %v", address, got, ok, want)
		}
	}
	if _, ok := node.Holds(netip.MustParseAddr("203.0.113.101")); ok {
		t.Error("holds an address that it has not")
	}
}

func TestParseSilent(t *testing.T) {
	silent := parseSilent(strings.NewReader(strings.Join([]string{
		"20010db8000000000000000000000001 02 80 00 80     eth0",
		"20010db8000000000000000000000002 02 80 00 c8     eth0",
		"20010db8000000000000000000000003 02 80 00 40     eth0",
		"not an address 02 80 zz",
		"",
	}, "\n")))
	if len(silent) != 2 || silent[netip.MustParseAddr("2001:db8::1")] {
		t.Errorf("got %v", silent)
	}
}

func TestReadTellsOfThisMachine(t *testing.T) {
	node, err := Read()
	if _, holds := node.Holds(netip.MustParseAddr("127.0.0.1")); err != nil || !holds {
		t.Errorf("expected the loopback address, found %+v, %v", node, err)
	}
}
