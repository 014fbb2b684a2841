package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Any user but root: the kernel takes all capabilities from a process that becomes it.
const nobody = 65534

// runUnprivileged goes on as another program that is not root. The pod may say otherwise.
func runUnprivileged(_ context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("expected a program to become, found none: name its path")
	}
	if err := syscall.Setgid(nobody); err != nil {
		return fmt.Errorf("cannot change the group: %w", err)
	}
	if err := syscall.Setuid(nobody); err != nil {
		return fmt.Errorf("cannot change the user: %w", err)
	}
	return syscall.Exec(args[0], args, os.Environ())
}
