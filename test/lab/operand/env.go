package main

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// environment reads variables as kube-vip does: empty counts as absent, and every fault is collected.
type environment struct {
	lookup func(name string) (string, bool)
	faults []error
}

func (e *environment) text(name, absent string) string {
	if value, _ := e.lookup(name); value != "" {
		return value
	}
	return absent
}

func (e *environment) boolean(name string, absent bool) bool {
	return parsed(e, name, absent, strconv.ParseBool)
}

func (e *environment) number(name string, absent int) int {
	return parsed(e, name, absent, strconv.Atoi)
}

func (e *environment) seconds(name string, absent int) time.Duration {
	return time.Duration(e.number(name, absent)) * time.Second
}

func (e *environment) fault(format string, values ...any) {
	e.faults = append(e.faults, fmt.Errorf(format, values...))
}

func (e *environment) err() error { return errors.Join(e.faults...) }

func parsed[T any](e *environment, name string, absent T, parse func(string) (T, error)) T {
	text := e.text(name, "")
	if text == "" {
		return absent
	}
	value, err := parse(text)
	if err != nil {
		e.fault("%s: %q: %w", name, text, err)
		return absent
	}
	return value
}
