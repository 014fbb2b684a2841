package wire

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/mdlayher/arp"
	"github.com/mdlayher/ethernet"
	"golang.org/x/net/bpf"
)

func TestRead(t *testing.T) {
	allNodes := netip.MustParseAddr("ff02::1")
	third := MAC{2, 0, 0, 0, 0, 3}
	mine := Claim{Address: vip, MAC: other, Asked: true}
	cases := []struct {
		name  string
		frame []byte
		want  Claim
		ok    bool
	}{
		{"a reply to this interface is an answer", reply(other), mine, true},
		{"an answer names its owner also where a switch pads the frame", append(reply(other), make([]byte, 18)...), mine, true},
		{"a reply to another interface is heard", with(reply(other), 0, third[:]...), Claim{vip, other, false}, true},
		{"a gratuitous request is heard", gratuitous(arp.OperationRequest), Claim{vip, other, false}, true},
		{"a gratuitous reply is heard", gratuitous(arp.OperationReply), Claim{vip, other, false}, true},
		{"a question of another claims nothing",
			arpFrame(ethernet.Broadcast, arp.OperationRequest, other, vip, unknown, netip.MustParseAddr("203.0.113.1")), Claim{}, false},
		{"a probe claims nothing",
			arpFrame(ethernet.Broadcast, arp.OperationRequest, other, netip.IPv4Unspecified(), unknown, vip), Claim{}, false},
		{"a reply without a sender's address claims nothing", with(reply(other), 28, 0, 0, 0, 0), Claim{}, false},
		{"a group is no owner", with(reply(other), 22, 1, 0, 0x5e, 0, 0, 1), Claim{}, false},
		{"zeros are no owner", with(reply(other), 22, 0, 0, 0, 0, 0, 0), Claim{}, false},
		{"a reply of another kind of network is not read", with(reply(other), 14, 0, 6), Claim{}, false},
		{"a reply with addresses of IPv6's length is not read", with(reply(other), 19, 16), Claim{}, false},
		{"a reverse ARP is not read", with(reply(other), 20, 0, 4), Claim{}, false},
		{"half a reply is not read", reply(other)[:30], Claim{}, false},

		{"a solicited advertisement is an answer, by the address that it names",
			advert(linkLocal, true, vip6, named(third)), Claim{vip6, third, true}, true},
		{"an advertisement without that names its sender", advert(linkLocal, true, vip6), Claim{vip6, other, true}, true},
		{"an advertisement to all is heard", advert(allNodes, false, vip6, named(other)), Claim{vip6, other, false}, true},
		{"an advertisement to all is heard, whatever it calls itself", advert(allNodes, true, vip6, named(other)), Claim{vip6, other, false}, true},
		{"an advertisement that a router passed on is not read", with(advert(linkLocal, true, vip6), 21, 254), Claim{}, false},
		{"an advertisement with a wrong checksum is not read", with(advert(linkLocal, true, vip6), 56, 0, 0), Claim{}, false},
		{"an advertisement that says it is longer is not read", with(advert(linkLocal, true, vip6), 18, 9, 9), Claim{}, false},
		{"half an advertisement is not read", advert(linkLocal, true, vip6)[:60], Claim{}, false},
		{"UDP is not read", with(advert(linkLocal, true, vip6), 20, 17), Claim{}, false},

		{"IPv4 is not read", with(reply(other), 12, 8, 0), Claim{}, false},
		{"a frame without a header is not read", []byte{1, 2, 3}, Claim{}, false},
		{"nothing is not read", nil, Claim{}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, ok := self.Read(c.frame)
			check(t, "claim", got, c.want)
			check(t, "is one", ok, c.ok)
		})
	}
}

func TestQuestion(t *testing.T) {
	frame, to, err := self.Question(vip)
	check(t, "error", err, nil)
	check(t, "goes to", to.String(), "ff:ff:ff:ff:ff:ff")
	check(t, "frame", string(frame[:42]), "\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x01\x08\x06"+
		"\x00\x01\x08\x00\x06\x04\x00\x01"+"\x02\x00\x00\x00\x00\x01"+"\x00\x00\x00\x00"+
		"\x00\x00\x00\x00\x00\x00"+"\xcb\x00\x71\x64")

	frame, to, err = self.Question(vip6)
	check(t, "error", err, nil)
	check(t, "goes to", to.String(), "33:33:ff:00:01:00")
	body, group, ok := icmpBody(frame[ethernetHeader:])
	check(t, "has a checksum", ok, true)
	check(t, "group", group.String(), "ff02::1:ff00:100")
	check(t, "comes from the link-local address", string(frame[22:38]), string(linkLocal.AsSlice()))
	check(t, "type", body[0], 135)
	check(t, "target", string(body[8:24]), string(vip6.AsSlice()))
	check(t, "names who asks", string(body[24:]), "\x01\x01"+string(own[:]))

	_, _, err = Self{MAC: own}.Question(vip6)
	check(t, "is refused without a link-local address", err != nil, true)
	check(t, "and said before", Self{MAC: own}.CanAsk(vip6), false)
}

func TestFilter(t *testing.T) {
	stranger := arpFrame(ethernet.Broadcast, arp.OperationRequest, other, vip, unknown, netip.MustParseAddr("203.0.113.1"))
	cases := []struct {
		name   string
		filter Filter
		frame  []byte
		passes bool
	}{
		{"a reply", ARPClaims, reply(other), true},
		{"a gratuitous request", ARPClaims, gratuitous(arp.OperationRequest), true},
		{"a gratuitous reply", ARPClaims, gratuitous(arp.OperationReply), true},
		{"the questions of others", ARPClaims, stranger, false},
		{"reverse ARP", ARPClaims, with(reply(other), 20, 0, 4), false},
		{"IPv4 on the socket of ARP", ARPClaims, with(reply(other), 12, 8, 0), false},
		{"a cut reply", ARPClaims, reply(other)[:18], false},
		{"an advertisement", Advertisements, advert(linkLocal, true, vip6), true},
		{"a solicitation", Advertisements, with(advert(linkLocal, true, vip6), 54, 135), false},
		{"what a router passed on", Advertisements, with(advert(linkLocal, true, vip6), 21, 64), false},
		{"TCP", Advertisements, with(advert(linkLocal, true, vip6), 20, 6), false},
		{"a cut advertisement", Advertisements, advert(linkLocal, true, vip6)[:40], false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			machine := must(bpf.NewVM(c.filter))
			length := must(machine.Run(c.frame))
			check(t, "passes", length > 0, c.passes)
		})
	}
}

// Random frames may name anything, but never stop the program, and never an owner that cannot be one.
func FuzzRead(f *testing.F) {
	f.Add(reply(other))
	f.Add(gratuitous(arp.OperationRequest))
	f.Add(advert(linkLocal, true, vip6, named(other)))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, frame []byte) {
		claim, ok := self.Read(frame)
		if !ok {
			return
		}
		if _, sane := MACOf(claim.MAC[:]); !sane || !claim.Address.IsValid() || claim.Address.IsUnspecified() {
			t.Errorf("%x: claims %v for %v", frame, claim.MAC, claim.Address)
		}
	})
}

// The same for what follows a header and a checksum that are right, which chance never finds.
func FuzzAdvertisement(f *testing.F) {
	whole := advert(linkLocal, true, vip6, named(other))
	f.Add(whole[ethernetHeader+ipv6Header:])
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) < icmpv6Header || len(body) > most {
			return
		}
		packet := append(header(len(body), netip.MustParseAddr("fe80::2"), linkLocal), body...)
		body = packet[ipv6Header:]
		body[0], body[1], body[2], body[3] = advertisement, 0, 0, 0
		binary.BigEndian.PutUint16(body[2:], ^sum(packet, body))
		claim, ok := self.Read(ether(own[:], other[:], ethernet.EtherTypeIPv6, packet))
		if _, sane := MACOf(claim.MAC[:]); ok && (!sane || !claim.Address.Is6() || claim.Address.IsMulticast()) {
			t.Errorf("%x: claims %v for %v", body, claim.MAC, claim.Address)
		}
	})
}
