package main

import (
	"net/netip"
	"strconv"
	"strings"
)

// subnet holds the prefix lengths to bind with. One number alone serves both families of a control-plane
// address, but only IPv4 of a Service: kube-vip takes a Service's IPv6 length from the second number.
type subnet struct{ v4, v6, servicesV6 int }

// parseSubnet reads "32", "/32" (kube-vip before v0.9) or "32,128".
func parseSubnet(e *environment) subnet {
	name := "vip_subnet"
	text := e.text(name, "")
	if text == "" {
		name = "vip_cidr"
		text = e.text(name, "")
	}
	if text == "" {
		return subnet{32, 128, 128}
	}
	first, second, dual := strings.Cut(text, ",")
	s := subnet{v4: prefixLength(e, name, first)}
	s.v6, s.servicesV6 = s.v4, 128
	if dual {
		s.v6 = prefixLength(e, name, second)
		s.servicesV6 = s.v6
	}
	return s
}

func prefixLength(e *environment, name, text string) int {
	length, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(text), "/"))
	if err != nil || length < 1 || length > 128 {
		e.fault("%s: %q is not a prefix length", name, text)
	}
	return length
}

func (s subnet) controlPlane(address netip.Addr) netip.Prefix {
	if address.Is4() {
		return netip.PrefixFrom(address, s.v4)
	}
	return netip.PrefixFrom(address, s.v6)
}

func (s subnet) service(address netip.Addr) netip.Prefix {
	if address.Is4() {
		return netip.PrefixFrom(address, s.v4)
	}
	return netip.PrefixFrom(address, s.servicesV6)
}
