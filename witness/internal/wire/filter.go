package wire

import "golang.org/x/net/bpf"

// Filter is a program that the kernel runs on each frame of a socket, so that only claims reach this process.
type Filter []bpf.Instruction

const most = 512 // Bytes of a frame that are read. A claim has fewer.

// ARPClaims lets through replies, and requests that announce their own sender.
var ARPClaims = Filter{
	bpf.LoadAbsolute{Off: 12, Size: 2},
	bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: etherTypeARP, SkipTrue: 8},
	bpf.LoadAbsolute{Off: 20, Size: 2}, // operation
	bpf.JumpIf{Cond: bpf.JumpEqual, Val: 2, SkipTrue: 5},
	bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: 1, SkipTrue: 5},
	bpf.LoadAbsolute{Off: 28, Size: 4}, // sender's address
	bpf.TAX{},
	bpf.LoadAbsolute{Off: 38, Size: 4}, // target's address
	bpf.JumpIfX{Cond: bpf.JumpNotEqual, SkipTrue: 1},
	bpf.RetConstant{Val: most},
	bpf.RetConstant{Val: 0},
}

// Advertisements lets through neighbour advertisements that no router has passed on.
var Advertisements = Filter{
	bpf.LoadAbsolute{Off: 12, Size: 2},
	bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: etherTypeIPv6, SkipTrue: 7},
	bpf.LoadAbsolute{Off: 20, Size: 1}, // next header
	bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: icmpv6, SkipTrue: 5},
	bpf.LoadAbsolute{Off: 21, Size: 1},
	bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: hopLimit, SkipTrue: 3},
	bpf.LoadAbsolute{Off: 54, Size: 1}, // ICMPv6 type
	bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: advertisement, SkipTrue: 1},
	bpf.RetConstant{Val: most},
	bpf.RetConstant{Val: 0},
}
