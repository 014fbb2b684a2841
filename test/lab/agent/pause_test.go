package main

import (
	"os/exec"
	"testing"
	"time"
)

func TestReapCollectsEveryEndedChild(t *testing.T) {
	for range 3 {
		if err := exec.Command("true").Start(); err != nil {
			t.Fatal(err)
		}
	}
	reaped := 0
	for deadline := time.Now().Add(10 * time.Second); reaped < 3 && time.Now().Before(deadline); {
		reaped += reap()
		time.Sleep(time.Millisecond)
	}
	if reaped != 3 {
		t.Fatalf("reaped %d of 3", reaped)
	}
}
