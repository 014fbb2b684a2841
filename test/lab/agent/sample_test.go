package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestSampleFollowsAnAddressAcrossNamespaces needs root: it moves an address between two namespaces of its own.
func TestSampleFollowsAnAddressAcrossNamespaces(t *testing.T) {
	nodes := []nodeNamespace{makeNamespace(t, "n1"), makeNamespace(t, "n2")}
	vip := netip.MustParseAddr("203.0.113.9")
	vip6 := netip.MustParseAddr("2001:db8::9")
	out := &lockedBuffer{}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		ended <- sample(ctx, sampleOptions{[]netip.Addr{vip, vip6}, nodes, 5 * time.Millisecond}, out)
	}()

	in := func(node int, arguments string) {
		ip(t, "-n "+nodes[node].path[len("/run/netns/"):]+" "+arguments)
		time.Sleep(100 * time.Millisecond)
	}
	in(0, "addr add 203.0.113.9/32 dev lo")
	in(1, "addr add 203.0.113.9/32 dev lo")
	in(0, "addr del 203.0.113.9/32 dev lo")
	in(1, "addr add 2001:db8::9/128 dev lo nodad")
	in(1, "addr del 203.0.113.9/32 dev lo")
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}

	got := []string{}
	for line := range strings.Lines(out.String()) {
		var record struct {
			Event, VIP string
			Owners     []string
		}
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		got = append(got, fmt.Sprintf("%s%s %v", record.Event, record.VIP, record.Owners))
	}
	want := []string{"start []", "203.0.113.9 [n1]", "203.0.113.9 [n1 n2]", "203.0.113.9 [n2]",
		"2001:db8::9 [n2]", "203.0.113.9 []", "end []"}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %q\nwant %q", got, want)
	}
}

func TestSampleRefusesANamespaceWithNonLocalBind(t *testing.T) {
	node := makeNamespace(t, "n3")
	name := node.path[len("/run/netns/"):]
	ip(t, "netns exec "+name+" sysctl -qw net.ipv4.ip_nonlocal_bind=1")
	if _, err := startProbe(node.path, nil); err == nil {
		t.Fatal("expected an error")
	}
}

func makeNamespace(t *testing.T, node string) nodeNamespace {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root to make network namespaces")
	}
	name := fmt.Sprintf("lab-agent-test-%d-%s", os.Getpid(), node)
	if out, err := exec.Command("ip", "netns", "add", name).CombinedOutput(); err != nil {
		t.Skipf("cannot make network namespaces here: %v: %s", err, out)
	}
	t.Cleanup(func() { ip(t, "netns del "+name) })
	ip(t, "-n "+name+" link set lo up")
	return nodeNamespace{node, "/run/netns/" + name}
}

func ip(t *testing.T, arguments string) {
	t.Helper()
	if out, err := exec.Command("ip", strings.Fields(arguments)...).CombinedOutput(); err != nil {
		t.Errorf("ip %s: %v: %s", arguments, err, out)
	}
}

// lockedBuffer lets the test read what the sampler writes.
type lockedBuffer struct {
	mutex sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.Buffer.Write(p)
}
