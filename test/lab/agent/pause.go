package main

import (
	"context"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// runPause holds a pod's namespaces open until it is told to end. As process 1 of a shared process
// namespace it also inherits orphans, so it must reap them.
func runPause(ctx context.Context, _ []string) error {
	children := make(chan os.Signal, 1)
	signal.Notify(children, unix.SIGCHLD)
	for {
		reap()
		select {
		case <-ctx.Done():
			return nil
		case <-children:
		}
	}
}

// reap collects every child that has ended; one SIGCHLD can stand for many.
func reap() (reaped int) {
	for {
		pid, err := unix.Wait4(-1, nil, unix.WNOHANG, nil)
		switch {
		case err == unix.EINTR:
		case err != nil || pid <= 0:
			return reaped
		default:
			reaped++
		}
	}
}
