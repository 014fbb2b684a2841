package host

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"kubevip.dev/operator/witness/internal/wire"
)

// Read asks the kernel for the interfaces of this node.
func Read() (Node, error) {
	links, err := net.Interfaces()
	if err != nil {
		return Node{}, fmt.Errorf("interfaces of the node: %w", err)
	}
	silent := silentAddresses()
	interfaces := make([]Interface, 0, len(links))
	for _, link := range links {
		addresses, err := link.Addrs()
		if err != nil {
			return Node{}, fmt.Errorf("addresses of %s: %w", link.Name, err)
		}
		mac, _ := wire.MACOf(link.HardwareAddr)
		isUp := link.Flags&net.FlagUp != 0 && link.Flags&net.FlagLoopback == 0
		one := Interface{Name: link.Name, Index: link.Index, MAC: mac, IsUp: isUp}
		for _, address := range addresses {
			if prefix, ok := prefixOf(address); ok && !silent[prefix.Addr()] {
				one.Addresses = append(one.Addresses, prefix)
			}
		}
		interfaces = append(interfaces, one)
	}
	return NewNode(interfaces), nil
}

func prefixOf(address net.Addr) (netip.Prefix, bool) {
	network, ok := address.(*net.IPNet)
	if !ok {
		return netip.Prefix{}, false
	}
	ip, ok := netip.AddrFromSlice(network.IP)
	bits, _ := network.Mask.Size()
	return netip.PrefixFrom(ip.Unmap(), bits), ok
}

// silentAddresses are those that the kernel does not answer for, because another has them or may have them.
func silentAddresses() map[netip.Addr]bool {
	file, err := os.Open("/proc/net/if_inet6")
	if err != nil { // A node without IPv6 has no such file.
		return nil
	}
	defer file.Close()
	return parseSilent(file)
}

const (
	duplicate = 0x08
	tentative = 0x40
)

// parseSilent reads lines such as "20010db8000000000000000000000001 02 40 00 c8 eth0", whose fifth word has flags.
func parseSilent(lines io.Reader) map[netip.Addr]bool {
	silent := map[netip.Addr]bool{}
	scanner := bufio.NewScanner(lines)
	for scanner.Scan() {
		words := strings.Fields(scanner.Text())
		if len(words) < 5 {
			continue
		}
		bytes, err := hex.DecodeString(words[0])
		flags, flagsErr := strconv.ParseUint(words[4], 16, 32)
		address, ok := netip.AddrFromSlice(bytes)
		if err == nil && flagsErr == nil && ok && flags&(duplicate|tentative) != 0 {
			silent[address] = true
		}
	}
	return silent
}
