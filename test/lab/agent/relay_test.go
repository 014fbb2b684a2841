package main

import (
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestParseEndpoint(t *testing.T) {
	cases := map[string]endpoint{
		"tcp:127.0.0.1:6443": {"tcp", "127.0.0.1:6443"},
		"tcp:[::1]:6443":     {"tcp", "[::1]:6443"},
		"unix:/run/api.sock": {"unix", "/run/api.sock"},
		"udp:127.0.0.1:53":   {},
		"unix:":              {},
		"/run/api.sock":      {},
	}
	for text, want := range cases {
		got, err := parseEndpoint(text)
		if got != want || (err == nil) != (want != endpoint{}) {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
}

// startChain builds client -> tcp relay -> unix relay -> server, as the lab does, and returns where to dial.
func startChain(t *testing.T, server func(net.Conn)) string {
	t.Helper()
	api := mustListen(t, endpoint{"tcp", "127.0.0.1:0"})
	go func() {
		for {
			conn, err := api.Accept()
			if err != nil {
				return
			}
			go server(conn)
		}
	}()
	socket := filepath.Join(t.TempDir(), "relay.sock")
	inner := mustListen(t, endpoint{"unix", socket})
	outer := mustListen(t, endpoint{"tcp", "127.0.0.1:0"})
	go serve(t.Context(), inner, endpoint{"tcp", api.Addr().String()})
	go serve(t.Context(), outer, endpoint{"unix", socket})
	return outer.Addr().String()
}

func mustListen(t *testing.T, at endpoint) net.Listener {
	t.Helper()
	listener, err := listen(at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

func dial(t *testing.T, address string) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	return conn.(*net.TCPConn)
}

func TestRelayAnswersAfterTheClientHasHalfClosed(t *testing.T) {
	address := startChain(t, func(conn net.Conn) {
		defer conn.Close()
		request, _ := io.ReadAll(conn) // returns only if the half-close crossed both relays
		_, _ = conn.Write([]byte("got " + string(request[len(request)-3:])))
	})
	conn := dial(t, address)
	if _, err := conn.Write([]byte(strings.Repeat("x", 1<<20) + "end")); err != nil {
		t.Fatal(err)
	}
	if err := conn.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || string(answer) != "got end" {
		t.Fatalf("got %q, %v", answer, err)
	}
}

func TestRelayCarriesTheClientAfterTheServerHasHalfClosed(t *testing.T) {
	received := make(chan string, 1)
	address := startChain(t, func(conn net.Conn) {
		defer conn.Close()
		_ = conn.(*net.TCPConn).CloseWrite()
		rest, _ := io.ReadAll(conn)
		received <- string(rest)
	})
	conn := dial(t, address)
	if _, err := io.ReadAll(conn); err != nil {
		t.Fatal(err)
	}
	_, _ = conn.Write([]byte("late"))
	_ = conn.CloseWrite()
	if got := <-received; got != "late" {
		t.Fatalf("got %q", got)
	}
}

func TestRelayResetsTheClientWhenNobodyListensBehindIt(t *testing.T) {
	nowhere := endpoint{"unix", filepath.Join(t.TempDir(), "absent.sock")}
	listener := mustListen(t, endpoint{"tcp", "127.0.0.1:0"})
	go serve(t.Context(), listener, nowhere)
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err == nil { // the reset can be faster than the dial
		defer conn.Close()
		_, err = conn.Read(make([]byte, 1))
	}
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("expected a reset, got %v", err)
	}
}

func TestRelayLeavesNothingBehind(t *testing.T) {
	address := startChain(t, func(conn net.Conn) { _, _ = io.Copy(conn, conn); conn.Close() })
	before := runtime.NumGoroutine()
	for i := range 50 {
		conn := dial(t, address)
		_, _ = conn.Write([]byte("ping"))
		if i%2 == 0 {
			_ = conn.SetLinger(0) // half of the clients break off instead of closing
		}
		conn.Close()
	}
	deadline := time.Now().Add(10 * time.Second)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Fatalf("%d goroutines before, %d after", before, after)
	}
}

func TestServeEndsAtOnceWithAConnectionOpen(t *testing.T) {
	listener := mustListen(t, endpoint{"tcp", "127.0.0.1:0"})
	silent := mustListen(t, endpoint{"tcp", "127.0.0.1:0"})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- serve(ctx, listener, endpoint{"tcp", silent.Addr().String()}) }()
	dial(t, listener.Addr().String())
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(time.Second):
		t.Fatal("still serving")
	}
}

func TestListenReplacesAStaleSocket(t *testing.T) {
	at := endpoint{"unix", filepath.Join(t.TempDir(), "stale.sock")}
	first, err := listen(at)
	if err != nil {
		t.Fatal(err)
	}
	first.(*net.UnixListener).SetUnlinkOnClose(false)
	first.Close()
	mustListen(t, at)
}
