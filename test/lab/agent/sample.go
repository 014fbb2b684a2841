package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"time"
)

// sampleOptions is the command line of `sample`.
type sampleOptions struct {
	vips     []netip.Addr
	nodes    []nodeNamespace
	interval time.Duration
}

type nodeNamespace struct{ name, path string }

type (
	startLine struct {
		T     float64  `json:"t"`
		Event string   `json:"event"`
		VIPs  []string `json:"vips"`
		Nodes []string `json:"nodes"`
	}
	changeLine struct {
		T      float64  `json:"t"`
		VIP    string   `json:"vip"`
		Owners []string `json:"owners"`
	}
	endLine struct {
		T          float64 `json:"t"`
		Event      string  `json:"event"`
		Rounds     int     `json:"rounds"`
		MaxRoundMs float64 `json:"maxRoundMs"` // longest that one round took
		MaxGapMs   float64 `json:"maxGapMs"`   // longest time between two rounds: what may have been missed
	}
)

func runSample(ctx context.Context, args []string) error {
	options, err := parseSample(args)
	if err != nil {
		return err
	}
	return sample(ctx, options, os.Stdout)
}

func parseSample(args []string) (options sampleOptions, err error) {
	flags := flag.NewFlagSet("sample", flag.ContinueOnError)
	flags.DurationVar(&options.interval, "interval", 10*time.Millisecond, "time between two rounds")
	flags.Func("vip", "address to watch; repeatable", func(text string) error {
		vip, err := netip.ParseAddr(text)
		options.vips = append(options.vips, vip.Unmap())
		return err
	})
	flags.Func("node", "NAME=NETNS_PATH to watch it on; repeatable", func(text string) error {
		name, path, _ := strings.Cut(text, "=")
		if name == "" || path == "" {
			return errors.New("expected NAME=NETNS_PATH")
		}
		options.nodes = append(options.nodes, nodeNamespace{name, path})
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return options, err
	}
	if len(options.vips) == 0 || len(options.nodes) == 0 || options.interval <= 0 {
		return options, errors.New("at least one --vip, one --node and a positive --interval are needed")
	}
	return options, nil
}

// sample watches until ctx ends and writes one JSON line for each change of owners.
func sample(ctx context.Context, options sampleOptions, out io.Writer) error {
	vips, nodes := []string{}, []string{}
	for _, vip := range options.vips {
		vips = append(vips, vip.String())
	}
	probes := []*probe{}
	for _, node := range options.nodes {
		p, err := startProbe(node.path, options.vips)
		if err != nil {
			return fmt.Errorf("node %s: %w", node.name, err)
		}
		nodes = append(nodes, node.name)
		probes = append(probes, p)
	}
	lines := json.NewEncoder(out) // one unbuffered write for each line
	if err := lines.Encode(startLine{millis(time.Now()), "start", vips, nodes}); err != nil {
		return err
	}
	return watch(ctx, probes, newOwnership(vips, nodes), options.interval, lines)
}

// watch runs the rounds. All probes look at the same time and a round ends when the slowest is done,
// so that each line is one consistent set over all nodes.
func watch(ctx context.Context, probes []*probe, state *ownership, every time.Duration, lines *json.Encoder) error {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	end := endLine{Event: "end"}
	holds := emptyRound(len(probes), len(state.vips))
	for last := time.Now(); ; {
		began := time.Now()
		lookAtOnce(probes, holds)
		for _, c := range state.observe(holds) {
			if err := lines.Encode(changeLine{millis(began), c.vip, c.owners}); err != nil {
				return err
			}
		}
		end.Rounds++
		end.MaxRoundMs = max(end.MaxRoundMs, milliseconds(time.Since(began)))
		end.MaxGapMs = max(end.MaxGapMs, milliseconds(began.Sub(last)))
		last = began
		select {
		case <-ctx.Done():
			end.T = millis(time.Now())
			return lines.Encode(end)
		case <-ticker.C:
		}
	}
}

func lookAtOnce(probes []*probe, holds [][]bool) {
	for n, p := range probes {
		p.rounds <- holds[n]
	}
	for _, p := range probes {
		<-p.done
	}
}

func emptyRound(nodes, vips int) [][]bool {
	holds := make([][]bool, nodes)
	for n := range holds {
		holds[n] = make([]bool, vips)
	}
	return holds
}

// millis is the wall clock as Date.now() counts it, with microseconds as the fraction.
func millis(t time.Time) float64 { return float64(t.UnixMicro()) / 1000 }

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
