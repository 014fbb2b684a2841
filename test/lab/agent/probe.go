package main

import (
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// probe answers, for one node, which VIPs its network namespace holds right now.
type probe struct {
	rounds chan []bool // filled in and handed back through done
	done   chan struct{}
}

// startProbe enters the namespace on a thread of its own. That thread is never given back to the Go
// runtime, because it would carry the wrong namespace; it keeps the namespace alive until the process ends.
func startProbe(netnsPath string, vips []netip.Addr) (*probe, error) {
	p := &probe{rounds: make(chan []bool), done: make(chan struct{})}
	entered := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := enter(netnsPath)
		entered <- err
		if err != nil {
			return
		}
		for holds := range p.rounds {
			for i, vip := range vips {
				holds[i] = holdsAddress(vip)
			}
			p.done <- struct{}{}
		}
	}()
	return p, <-entered
}

// enter moves the calling thread into a namespace where binding proves possession.
func enter(netnsPath string) error {
	fd, err := unix.Open(netnsPath, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open %s: %w", netnsPath, err)
	}
	defer unix.Close(fd)
	if err := unix.Setns(fd, unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("enter %s: %w", netnsPath, err)
	}
	for _, family := range []string{"ipv4", "ipv6"} {
		path := "/proc/sys/net/" + family + "/ip_nonlocal_bind"
		if text, err := os.ReadFile(path); err == nil && strings.TrimSpace(string(text)) != "0" {
			return fmt.Errorf("%s has %s ip_nonlocal_bind on: every bind would succeed", netnsPath, family)
		}
	}
	return nil
}

// holdsAddress reports whether the address is on an interface of the thread's namespace: without
// non-local bind the kernel refuses every other one. An IPv6 address still in duplicate detection
// is refused too, so it counts from the moment that it can be used.
func holdsAddress(vip netip.Addr) bool {
	family, address := socketAddress(vip)
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	return unix.Bind(fd, address) == nil
}

func socketAddress(vip netip.Addr) (int, unix.Sockaddr) {
	if vip.Is4() {
		return unix.AF_INET, &unix.SockaddrInet4{Addr: vip.As4()}
	}
	return unix.AF_INET6, &unix.SockaddrInet6{Addr: vip.As16()}
}
