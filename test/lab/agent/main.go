// lab-agent is the lab's one helper binary: the pods' sandbox process, the byte relay between network
// namespaces, the sampler that watches which node owns an address, and a host that sends frames which no healthy
// host sends. The lab starts it; nothing ships it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage:
  lab-agent pause
  lab-agent relay --listen <tcp:ADDR:PORT|unix:PATH> --dial <tcp:ADDR:PORT|unix:PATH>
  lab-agent sample --vip ADDR [--vip ADDR...] --node NAME=NETNS_PATH [--node ...] [--interval 10ms]
  lab-agent forge --kind <gratuitous|malformed|flood> --address ADDR [--link eth0] [--to MAC] [--seconds 5]
`

var commands = map[string]func(ctx context.Context, args []string) error{
	"pause":  runPause,
	"relay":  runRelay,
	"sample": runSample,
	"forge":  runForge,
}

func main() {
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	err := commands[os.Args[1]](ctx, os.Args[2:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case err != nil:
		fmt.Fprintf(os.Stderr, "lab-agent %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}
