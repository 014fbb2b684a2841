package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

const dialTimeout = 5 * time.Second

// endpoint is one side of a relay, written tcp:ADDR:PORT or unix:PATH.
type endpoint struct{ network, address string }

func parseEndpoint(text string) (endpoint, error) {
	network, address, _ := strings.Cut(text, ":")
	if (network != "tcp" && network != "unix") || address == "" {
		return endpoint{}, fmt.Errorf("expected tcp:ADDR:PORT or unix:PATH, got %q", text)
	}
	return endpoint{network, address}, nil
}

// endpointFlag declares a flag that holds an endpoint.
func endpointFlag(flags *flag.FlagSet, name, help string) *endpoint {
	target := new(endpoint)
	flags.Func(name, help, func(text string) (err error) {
		*target, err = parseEndpoint(text)
		return err
	})
	return target
}

func runRelay(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("relay", flag.ContinueOnError)
	from := endpointFlag(flags, "listen", "where to accept connections")
	var to []endpoint
	flags.Func("dial", "where to send them; given again: where, when that one does not answer", func(text string) error {
		target, err := parseEndpoint(text)
		to = append(to, target)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return err
	}
	if from.network == "" || len(to) == 0 {
		return errors.New("--listen and --dial are both needed")
	}
	listener, err := listen(*from)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	return serve(ctx, listener, to...)
}

// listen replaces a socket file that an ended relay left behind: one killed with -9 cannot remove its own.
func listen(at endpoint) (net.Listener, error) {
	if info, err := os.Lstat(at.address); at.network == "unix" && err == nil && info.Mode()&os.ModeSocket != 0 {
		if err := os.Remove(at.address); err != nil {
			return nil, err
		}
	}
	return net.Listen(at.network, at.address)
}

// serve relays until ctx ends. It does not wait for open connections: the process ends, and so do they.
func serve(ctx context.Context, listener net.Listener, to ...endpoint) error {
	stop := context.AfterFunc(ctx, func() { listener.Close() })
	defer stop()
	for {
		conn, err := listener.Accept()
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, net.ErrClosed):
			return err
		case err != nil: // out of file descriptors, or the peer gave up: neither ends the relay
			fmt.Fprintf(os.Stderr, "accept: %v\n", err)
			time.Sleep(10 * time.Millisecond)
		default:
			go relay(ctx, conn.(halfCloser), to)
		}
	}
}

// halfCloser is what TCP and Unix stream connections have in common.
type halfCloser interface {
	net.Conn
	CloseWrite() error
}

// relay carries one connection and returns when both directions have ended.
func relay(ctx context.Context, client halfCloser, to []endpoint) {
	defer client.Close()
	conn, err := dialFirst(ctx, to)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		abort(client)
		return
	}
	server := conn.(halfCloser)
	defer server.Close()
	stop := context.AfterFunc(ctx, func() { client.Close(); server.Close() })
	defer stop()

	var both sync.WaitGroup
	both.Go(func() { carry(server, client) })
	both.Go(func() { carry(client, server) })
	both.Wait()
}

// dialFirst connects to the first endpoint that answers; the error is that of the last one.
func dialFirst(ctx context.Context, to []endpoint) (conn net.Conn, err error) {
	dialer := net.Dialer{Timeout: dialTimeout}
	for _, target := range to {
		if conn, err = dialer.DialContext(ctx, target.network, target.address); err == nil {
			return conn, nil
		}
		err = fmt.Errorf("dial %s:%s: %w", target.network, target.address, err)
	}
	return nil, err
}

// carry copies one direction. An orderly end closes only this direction, since the answer may still be
// on its way; a broken connection breaks both, or the other direction would wait for ever.
func carry(to, from halfCloser) {
	_, err := io.Copy(to, from)
	if err == nil {
		err = to.CloseWrite()
	}
	if err != nil {
		abort(to)
		abort(from)
	}
}

// abort closes with a reset where it can, so that the peer sees a failure and not an empty answer.
func abort(conn halfCloser) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}
