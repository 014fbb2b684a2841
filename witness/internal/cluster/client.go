// Package cluster reads one ConfigMap and writes one Lease. It is no client of Kubernetes for others to use:
// those bring ten thousand times as much.
package cluster

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	account = "/var/run/secrets/kubernetes.io/serviceaccount"
	// patience is how long one request may take. The Lease counts as silent after ten seconds.
	patience = 4 * time.Second
	// mostBytes of an answer are read. A ConfigMap may have 1 MiB.
	mostBytes = 8 << 20
)

// Client talks to the API server as the pod's account.
type Client struct {
	base, namespace string
	token           func() (string, error)
	http            *http.Client
}

// InCluster takes the address of the API server and the account from where Kubernetes puts them.
func InCluster() (*Client, error) {
	server := net.JoinHostPort(os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT"))
	namespace, err := os.ReadFile(filepath.Join(account, "namespace"))
	if err != nil {
		return nil, fmt.Errorf("account of the pod: %w; run this in a pod whose token is mounted", err)
	}
	authority, err := os.ReadFile(filepath.Join(account, "ca.crt"))
	if err != nil {
		return nil, fmt.Errorf("account of the pod: %w; run this in a pod whose token is mounted", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority) {
		return nil, fmt.Errorf("%s/ca.crt: expected a certificate, found none; look at the ConfigMap kube-root-ca.crt", account)
	}
	return &Client{
		base: "https://" + server, namespace: strings.TrimSpace(string(namespace)), token: readToken,
		http: &http.Client{Transport: transport(&tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12})},
	}, nil
}

// readToken reads it for each request: the kubelet replaces it every hour.
func readToken() (string, error) {
	token, err := os.ReadFile(filepath.Join(account, "token"))
	return strings.TrimSpace(string(token)), err
}

func transport(security *tls.Config) *http.Transport {
	return &http.Transport{
		TLSClientConfig:   security,
		ForceAttemptHTTP2: true,
		// A peer that is gone without a word is found out by pings.
		HTTP2:               &http.HTTP2Config{SendPingTimeout: 5 * time.Second, PingTimeout: patience},
		DialContext:         (&net.Dialer{Timeout: patience}).DialContext,
		TLSHandshakeTimeout: patience,
	}
}

// StatusError is an answer of the API server that is no success.
type StatusError struct {
	Code            int
	Request, Reason string
}

func (e *StatusError) Error() string { return fmt.Sprintf("%s: %d %s", e.Request, e.Code, e.Reason) }

func (c *Client) path(group, plural string, rest ...string) string {
	parts := append([]string{group, "namespaces", c.namespace, plural}, rest...)
	return "/" + strings.Join(parts, "/")
}

// open sends a request, and returns the body of its answer.
func (c *Client) open(ctx context.Context, method, path string, query url.Values, body []byte) (io.ReadCloser, error) {
	address := c.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	token, err := c.token()
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "kube-vip-operator-witness")
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode < 300 {
		return answer.Body, nil
	}
	defer answer.Body.Close()
	return nil, &StatusError{answer.StatusCode, method + " " + path, reasonIn(answer.Body)}
}

// reasonIn is the message of a Status object, or the text.
func reasonIn(body io.Reader) string {
	text, _ := io.ReadAll(io.LimitReader(body, 2000))
	var status struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(text, &status) == nil && status.Message != "" {
		return status.Message
	}
	return string(text)
}

// call sends a request and reads its answer, an object or a list.
func (c *Client) call(ctx context.Context, method, path string, query url.Values, body []byte, into any) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answer, err := c.open(ctx, method, path, query, body)
	if err != nil {
		return err
	}
	defer answer.Close()
	return json.NewDecoder(io.LimitReader(answer, mostBytes)).Decode(into)
}
