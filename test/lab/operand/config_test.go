package main

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

// rendered is what the operator renders for a control plane, as far as the stand-in reads it.
func rendered(changes map[string]string) func(string) (string, bool) {
	variables := map[string]string{
		"vip_arp": "true", "cp_enable": "true", "address": "203.0.113.100", "port": "6443",
		"vip_nodename": "node-1", "vip_leaderelection": "true",
	}
	for name, value := range changes {
		variables[name] = value
	}
	return func(name string) (string, bool) {
		value, present := variables[name]
		return value, present
	}
}

func TestParseConfigDefaults(t *testing.T) {
	c, err := parseConfig(rendered(nil), "host")
	if err != nil {
		t.Fatal(err)
	}
	if c.leaseDuration != 15*time.Second || c.renewDeadline != 10*time.Second || c.retryPeriod != 2*time.Second {
		t.Errorf("lease numbers are %s/%s/%s", c.leaseDuration, c.renewDeadline, c.retryPeriod)
	}
	if c.node != "node-1" || c.leaseName != "plndr-cp-lock" || c.arpRate != 3*time.Second || c.metrics != ":2112" {
		t.Errorf("got %+v", c)
	}
	if got := c.subnet.controlPlane(c.addresses[0]).String(); got != "203.0.113.100/32" {
		t.Errorf("binds %s", got)
	}
}

func TestParseConfig(t *testing.T) {
	cases := []struct {
		name    string
		changes map[string]string
		holds   func(config) bool
	}{
		{"takes the host name where no node name is given", map[string]string{"vip_nodename": ""},
			func(c config) bool { return c.node == "host" }},
		{"takes several addresses", map[string]string{"address": "203.0.113.100, 2001:db8::1"},
			func(c config) bool { return len(c.addresses) == 2 && c.addresses[1].Is6() }},
		{"uses the interface for services too", map[string]string{"vip_interface": "eth9"},
			func(c config) bool { return c.servicesInterfaceName == "eth9" }},
		{"resets an ARP rate under 500 ms", map[string]string{"vip_arpRate": "100"},
			func(c config) bool { return c.arpRate == defaultArpRate }},
		{"reads the services settings only when svc_enable is there", map[string]string{"lb_class_name": "x"},
			func(c config) bool { return c.class.name == "" }},
		{"reads the services settings even when svc_enable is false",
			map[string]string{"svc_enable": "false", "lb_class_name": "x"},
			func(c config) bool { return c.class.name == "x" && !c.services }},
		{"takes the class name as empty when set to nothing", map[string]string{"svc_enable": "true", "lb_class_name": ""},
			func(c config) bool { return c.class.name == "" && c.services }},
		{"keeps legacy class handling on unless told", map[string]string{"svc_enable": "true"},
			func(c config) bool { return c.class.legacy && c.class.name == "kube-vip.io/kube-vip-class" }},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			c, err := parseConfig(rendered(test.changes), "host")
			if err != nil || !test.holds(c) {
				t.Fatalf("got %+v, %v", c, err)
			}
		})
	}
}

func TestParseConfigFaults(t *testing.T) {
	cases := []struct {
		changes map[string]string
		faults  []string
	}{
		{map[string]string{"vip_arp": "maybe"}, []string{"vip_arp"}},
		{map[string]string{"vip_arp": ""}, []string{"vip_arp"}},
		{map[string]string{"cp_enable": "false"}, []string{"cp_enable"}},
		{map[string]string{"address": ""}, []string{"address"}},
		{map[string]string{"address": "vip.example", "vip_leaseduration": "x"}, []string{"address", "vip_leaseduration"}},
		{map[string]string{"port": "0"}, []string{"port"}},
		{map[string]string{"vip_leaseduration": "10"}, []string{"vip_leaseduration"}},
		{map[string]string{"vip_renewdeadline": "2"}, []string{"vip_renewdeadline"}},
		{map[string]string{"vip_subnet": "auto"}, []string{"vip_subnet"}},
		{map[string]string{"vip_cidr": "129"}, []string{"vip_cidr"}},
		{map[string]string{"svc_election": "true"}, []string{"svc_election"}},
	}
	for _, test := range cases {
		_, err := parseConfig(rendered(test.changes), "host")
		for _, fault := range test.faults {
			if err == nil || !strings.Contains(err.Error(), fault+":") {
				t.Errorf("%v: expected a fault of %s, got %v", test.changes, fault, err)
			}
		}
	}
}

func TestSubnet(t *testing.T) {
	v4, v6 := netip.MustParseAddr("203.0.113.1"), netip.MustParseAddr("2001:db8::1")
	cases := []struct{ name, text, v4, v6, serviceV6 string }{
		{"vip_subnet", "32", "203.0.113.1/32", "2001:db8::1/32", "2001:db8::1/128"},
		{"vip_subnet", "/32", "203.0.113.1/32", "2001:db8::1/32", "2001:db8::1/128"},
		{"vip_cidr", "32,128", "203.0.113.1/32", "2001:db8::1/128", "2001:db8::1/128"},
		{"vip_subnet", "/24,/64", "203.0.113.1/24", "2001:db8::1/64", "2001:db8::1/64"},
		{"vip_subnet", "128", "invalid Prefix", "2001:db8::1/128", "2001:db8::1/128"},
	}
	for _, test := range cases {
		e := &environment{lookup: rendered(map[string]string{test.name: test.text})}
		s := parseSubnet(e)
		got := [3]string{s.controlPlane(v4).String(), s.controlPlane(v6).String(), s.service(v6).String()}
		if want := [3]string{test.v4, test.v6, test.serviceV6}; got != want || e.err() != nil {
			t.Errorf("%s=%s: got %v, %v", test.name, test.text, got, e.err())
		}
	}
}

func TestLeaseKey(t *testing.T) {
	cases := []struct{ name, mounted, want string }{
		{"plndr-cp-lock", "kube-vip-system", "kube-vip-system/plndr-cp-lock"},
		{"plndr-cp-lock", "", "kube-system/plndr-cp-lock"},
		{"elsewhere/lock", "kube-vip-system", "elsewhere/lock"},
	}
	for _, test := range cases {
		key := leaseKey(test.name, test.mounted, "kube-system")
		if got := key.Namespace + "/" + key.Name; got != test.want {
			t.Errorf("%s in %q: got %s", test.name, test.mounted, got)
		}
	}
}
