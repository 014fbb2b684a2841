// A stand-in for kube-vip, for lab runs where no real binary is available. It is ours and shares no code
// with kube-vip: it honours the variables that the operator renders, takes the same Leases and binds the
// same addresses as v1.1.2 does. What it proves is the operator, never kube-vip.
//
// Not done, on purpose: BGP and routing tables, DNS and DHCP addresses, one election per Service, waiting
// for endpoints (kube-vip from v1.2.0), and unsolicited neighbour advertisements for IPv6.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

func main() {
	flags := flag.NewFlagSet("manager", flag.ExitOnError)
	metrics := flags.String("prometheusHTTPServer", ":2112", "where to serve metrics; empty: nowhere")
	if len(os.Args) < 2 || os.Args[1] != "manager" {
		fmt.Fprintln(os.Stderr, "usage: kube-vip manager (this is the stand-in, not kube-vip)")
		os.Exit(2)
	}
	_ = flags.Parse(os.Args[2:])
	slog.Warn("this is the stand-in of kube-vip-operator's lab, NOT kube-vip")
	// Exit code 0 even for a fault: kube-vip v1.1.2 does the same (hazard exit-zero), and the operator
	// has to see through it.
	if err := start(*metrics); err != nil {
		slog.Error("ending with exit code 0, as kube-vip v1.1.2 does", "error", err)
	}
}

func start(metrics string) error {
	hostname, _ := os.Hostname()
	c, err := parseConfig(os.LookupEnv, hostname)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	if os.Getenv("prometheus_server") == "" {
		c.metrics = metrics
	}
	slog.SetLogLoggerLevel(c.logLevel)
	cluster, err := rest.InClusterConfig()
	if err != nil {
		return fmt.Errorf("credentials: %w", err)
	}
	client, err := kubernetes.NewForConfig(cluster)
	if err != nil {
		return fmt.Errorf("credentials: %w", err)
	}
	serveMetrics(c.metrics)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	return manage(ctx, c, client, kernel{})
}

// serveMetrics never ends the process: two kube-vip pods on one node may want the same port.
func serveMetrics(listen string) {
	if listen == "" {
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "# HELP kube_vip_stand_in Always 1: this is not kube-vip.\n"+
			"# TYPE kube_vip_stand_in gauge\nkube_vip_stand_in 1\n")
	})
	go func() {
		slog.Error("cannot serve metrics", "error", http.ListenAndServe(listen, mux))
	}()
}
