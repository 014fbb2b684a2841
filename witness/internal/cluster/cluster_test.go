package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// serve plays the API server. Each handler is for one request, in their order.
func serve(t *testing.T, handlers ...http.HandlerFunc) (*Client, *[]string) {
	t.Helper()
	requests := &[]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*requests = append(*requests, r.Method+" "+r.URL.Path)
		if r.Header.Get("Authorization") != "Bearer secret" {
			t.Errorf("comes without the token")
		}
		if len(*requests) > len(handlers) {
			<-r.Context().Done()
			return
		}
		handlers[len(*requests)-1](w, r)
	}))
	t.Cleanup(server.Close)
	token := func() (string, error) { return "secret", nil }
	return &Client{base: server.URL, namespace: "kube-vip-system", token: token, http: server.Client()}, requests
}

func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
}

func refuses(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"kind":"Status","message":"refused with %d"}`, code)
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

const none = `{"metadata":{"resourceVersion":"5"},"items":[]}`
const one = `{"metadata":{"resourceVersion":"5"},"items":[{"metadata":{"resourceVersion":"4"},"data":{"questions":"first"}}]}`

func event(kind, text string) string {
	return fmt.Sprintf(`{"type":%q,"object":{"metadata":{"resourceVersion":"6"},"data":{"questions":%q}}}`+"\n", kind, text)
}

func TestFollow(t *testing.T) {
	cases := []struct {
		name     string
		handlers []http.HandlerFunc
		want     []Text
	}{
		{"says what is there first", []http.HandlerFunc{says(one)}, []Text{{"first", true}}},
		{"says that nothing is there", []http.HandlerFunc{says(none)}, []Text{{}}},
		{"says what comes", []http.HandlerFunc{says(none), says(event("ADDED", "a") + event("MODIFIED", "b"))}, []Text{{}, {"a", true}, {"b", true}}},
		{"says that it has gone", []http.HandlerFunc{says(one), says(event("DELETED", "first"))}, []Text{{"first", true}, {}}},
		{"lists again when a watch has ended", []http.HandlerFunc{says(none), says(""), says(one)}, []Text{{}, {"first", true}}},
		{"lists again when the version is too old",
			[]http.HandlerFunc{says(none), says(`{"type":"ERROR","object":{"code":410}}`), says(one)}, []Text{{}, {"first", true}}},
		{"lists again after a refusal", []http.HandlerFunc{refuses(403), says(one)}, []Text{{"first", true}}},
		{"lists again after half an event", []http.HandlerFunc{says(none), says(`{"type":"ADD`), says(one)}, []Text{{}, {"first", true}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, requests := serve(t, c.handlers...)
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			got := []Text{}
			client.Follow(ctx, "kube-vip-witness.1", "questions", func(text Text) {
				got = append(got, text)
				if len(got) >= len(c.want) {
					cancel()
				}
			})
			equal(t, "says", got, c.want)
			equal(t, "asks", (*requests)[0], "GET /api/v1/namespaces/kube-vip-system/configmaps")
		})
	}
}

func TestFollowAsksForOneConfigMap(t *testing.T) {
	queries := []string{}
	note := func(w http.ResponseWriter, r *http.Request) {
		queries = append(queries, r.URL.Query().Get("fieldSelector")+" "+r.URL.Query().Get("resourceVersion"))
		fmt.Fprint(w, none)
	}
	client, _ := serve(t, note, note)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	client.Follow(ctx, "n", "questions", func(Text) {})
	equal(t, "queries", queries, []string{"metadata.name=n ", "metadata.name=n 5"})
}

const lease = `{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"l","resourceVersion":"%s",
	"labels":{"a":"b"},"managedFields":[{"manager":"m"}]},"spec":{"leaseDurationSeconds":10%s}}`

// keeps answers a write with what was written, as the API server does.
func keeps(into *[]map[string]any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var object map[string]any
		_ = json.Unmarshal(body, &object)
		*into = append(*into, object)
		_, _ = w.Write(body)
	}
}

func TestLease(t *testing.T) {
	now := time.Date(2026, 11, 29, 12, 0, 0, 1000, time.UTC)
	held := `,"holderIdentity":"old","acquireTime":"2026-01-01T00:00:00.000000Z","leaseTransitions":2`
	mine := `,"holderIdentity":"pod","acquireTime":"2026-01-01T00:00:00.000000Z","leaseTransitions":2`
	cases := []struct{ name, spec, want string }{
		{"that none holds", "", "map[acquireTime:2026-11-29T12:00:00.000001Z holderIdentity:pod leaseDurationSeconds:10 leaseTransitions:0 renewTime:2026-11-29T12:00:00.000001Z]"},
		{"of another pod", held, "map[acquireTime:2026-11-29T12:00:00.000001Z holderIdentity:pod leaseDurationSeconds:10 leaseTransitions:3 renewTime:2026-11-29T12:00:00.000001Z]"},
		{"of this pod", mine, "map[acquireTime:2026-01-01T00:00:00.000000Z holderIdentity:pod leaseDurationSeconds:10 leaseTransitions:2 renewTime:2026-11-29T12:00:00.000001Z]"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			written := []map[string]any{}
			client, requests := serve(t, says(fmt.Sprintf(lease, "7", c.spec)), keeps(&written), keeps(&written))
			l := client.LeaseOf("l", "pod")
			for _, text := range []string{"one", "two"} {
				if err := l.Write(context.Background(), "kubevip.dev/answers", text, now); err != nil {
					t.Fatal(err)
				}
			}
			equal(t, "requests", *requests, "[GET /apis/coordination.k8s.io/v1/namespaces/kube-vip-system/leases/l PUT "+
				"/apis/coordination.k8s.io/v1/namespaces/kube-vip-system/leases/l PUT /apis/coordination.k8s.io/v1/namespaces/kube-vip-system/leases/l]")
			equal(t, "spec", written[0]["spec"], c.want)
			equal(t, "metadata", written[1]["metadata"], "map[annotations:map[kubevip.dev/answers:two] labels:map[a:b] name:l resourceVersion:7]")
		})
	}
}

func TestLeaseThatIsRefused(t *testing.T) {
	written := []map[string]any{}
	fresh := says(fmt.Sprintf(lease, "8", ""))
	cases := []struct {
		name     string
		handlers []http.HandlerFunc
		fault    string
	}{
		{"by a conflict is read and written again", []http.HandlerFunc{fresh, refuses(409), fresh, keeps(&written)}, ""},
		{"by a conflict twice is left until later", []http.HandlerFunc{fresh, refuses(409), fresh, refuses(409)}, "409 refused with 409"},
		{"because it is not there", []http.HandlerFunc{refuses(404)}, "404 refused with 404"},
		{"because the right is missing", []http.HandlerFunc{fresh, refuses(403)}, "403 refused with 403"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			client, requests := serve(t, c.handlers...)
			err := client.LeaseOf("l", "pod").Write(context.Background(), "a", "text", time.Now())
			if (err == nil) != (c.fault == "") || (err != nil && !strings.Contains(err.Error(), c.fault)) {
				t.Errorf("got %v", err)
			}
			equal(t, "requests", len(*requests), len(c.handlers))
		})
	}
}

func TestNoAnswer(t *testing.T) {
	client, _ := serve(t)
	begin := time.Now()
	err := client.LeaseOf("l", "pod").Write(context.Background(), "a", "text", time.Now())
	if took := time.Since(begin); err == nil || took > 2*patience {
		t.Errorf("got %v after %v", err, took)
	}
}
