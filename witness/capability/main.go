// capability gives a file cap_net_raw+ep, as `setcap` does, which the image for building Go has not. It runs in
// the Dockerfile, as root.
package main

import (
	"encoding/binary"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: capability FILE")
		os.Exit(2)
	}
	if err := unix.Setxattr(os.Args[1], "security.capability", netRaw(), 0); err != nil {
		fmt.Fprintf(os.Stderr, "%s: cannot give it CAP_NET_RAW: %v; run this as root, on a file system with attributes\n", os.Args[1], err)
		os.Exit(1)
	}
}

// netRaw is what the kernel keeps with a file (linux/capability.h): the version with the flag "effective", and the
// capabilities that are permitted and inherited, in two halves.
func netRaw() []byte {
	const version, effective = 0x02000000, 0x000001
	words := []uint32{version | effective, 1 << unix.CAP_NET_RAW, 0, 0, 0}
	bytes := []byte{}
	for _, word := range words {
		bytes = binary.LittleEndian.AppendUint32(bytes, word)
	}
	return bytes
}
