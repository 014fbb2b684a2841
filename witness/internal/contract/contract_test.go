package contract

import (
	"strings"
	"testing"
)

func TestParseQuestions(t *testing.T) {
	got, err := ParseQuestions(`{"v":1,"revision":"r","later":true,"subnets":["203.0.113.0/24","2001:db8::/64"],
		"control":[{"address":"203.0.113.100","more":1}],"groups":[{"name":"g","addresses":["203.0.113.64","2001:db8::64"]}]}`)
	if err != nil || got.ControlAddresses()[0].String() != "203.0.113.100" || len(got.GroupAddresses()) != 2 || len(got.Subnets) != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, c := range []struct{ name, text, want string }{
		{"another version", `{"v":2}`, "expected questions of version 1, found 2; update"},
		{"no version", `{}`, "found 0; update"},
		{"no JSON", `{"v":1`, "cannot read the questions"},
		{"a word for an address", `{"v":1,"control":[{"address":"vip.example"}]}`, "cannot read the questions"},
		{"no address", `{"v":1,"control":[{}]}`, "expected a plain address"},
		{"an address with a zone", `{"v":1,"groups":[{"addresses":["fe80::1%eth0"]}]}`, `found "fe80::1%eth0"`},
		{"an IPv4 address in IPv6's clothes", `{"v":1,"control":[{"address":"::ffff:10.0.0.1"}]}`, "expected a plain address"},
		{"no subnet", `{"v":1,"subnets":[""]}`, "expected a subnet"},
	} {
		if _, err := ParseQuestions(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

// Whatever the ConfigMap has, it is read or refused.
func FuzzParseQuestions(f *testing.F) {
	f.Add(`{"v":1,"revision":"r","subnets":["203.0.113.0/24"],"control":[{"address":"203.0.113.100"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		questions, err := ParseQuestions(text)
		for _, address := range append(questions.ControlAddresses(), questions.GroupAddresses()...) {
			if err == nil && (!address.IsValid() || address.Zone() != "") {
				t.Errorf("%s: cannot be asked", address)
			}
		}
	})
}
