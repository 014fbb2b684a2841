// The witness asks one segment who answers for its addresses, and says so in a Lease. Two of them run for each
// segment. It is in Go because Node has no packet sockets: docs/decisions/0010-witness-in-go.md.
//
// It listens on no port. It may read ConfigMaps of its namespace and renew the Lease of its node.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"kubevip.dev/operator/witness/internal/cluster"
	"kubevip.dev/operator/witness/internal/contract"
)

// memory is what the process may use before it collects garbage more often. The pod may have 64 MiB.
const memory = 48 << 20

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	debug.SetMemoryLimit(memory)
	file := flag.String("questions", "", "read the questions from this `file` and print the answers, without a cluster")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, *file); err != nil {
		slog.Error("the witness cannot run", "error", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, file string) error {
	if file != "" {
		return runWith(ctx, file, os.Stdout)
	}
	s, err := settingsFrom(os.Getenv)
	if err != nil {
		return err
	}
	client, err := cluster.InCluster()
	if err != nil {
		return err
	}
	questions := make(chan cluster.Text, 1)
	go client.Follow(ctx, s.configMap(), contract.QuestionsKey, func(text cluster.Text) {
		select {
		case questions <- text:
		case <-ctx.Done():
		}
	})
	slog.Info("asking", "segment", s.segment, "node", s.node, "pod", s.pod)
	lease := client.LeaseOf(s.lease(), s.pod)
	newLoop(s.pod, questions, leaseWriter(lease)).run(ctx)
	return nil
}

// runWith is for people and tests: one file of questions, and answers as lines.
func runWith(ctx context.Context, file string, out io.Writer) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	questions := make(chan cluster.Text, 1)
	questions <- cluster.Text{Text: string(text), IsThere: true}
	newLoop("", questions, func(_ context.Context, text string) error {
		_, err := fmt.Fprintln(out, text)
		return err
	}).run(ctx)
	return nil
}
