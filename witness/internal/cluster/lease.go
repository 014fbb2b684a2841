package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// Lease is where a witness writes. The operator makes it, and the witness only renews it.
type Lease struct {
	client       *Client
	name, holder string
	// object is what the API server said last. It is read anew after a refusal.
	object map[string]any
}

// LeaseOf names a Lease, and who holds it.
func (c *Client) LeaseOf(name, holder string) *Lease {
	return &Lease{client: c, name: name, holder: holder}
}

const microTime = "2006-01-02T15:04:05.000000Z"

// Write renews the Lease with an annotation. When another has changed the object meanwhile, it is read and
// written once more.
func (l *Lease) Write(ctx context.Context, annotation, text string, now time.Time) error {
	err := l.writeOnce(ctx, annotation, text, now)
	var refused *StatusError
	if errors.As(err, &refused) && refused.Code == http.StatusConflict {
		return l.writeOnce(ctx, annotation, text, now)
	}
	return err
}

func (l *Lease) writeOnce(ctx context.Context, annotation, text string, now time.Time) error {
	path := l.client.path("apis/coordination.k8s.io/v1", "leases", l.name)
	if l.object == nil {
		var found map[string]any
		if err := l.client.call(ctx, http.MethodGet, path, nil, nil, &found); err != nil {
			return err
		}
		l.object = found
	}
	renew(l.object, l.holder, now.UTC().Format(microTime))
	metadata := child(l.object, "metadata")
	child(metadata, "annotations")[annotation] = text
	// Not ours to say, and the API server keeps what is not said.
	delete(metadata, "managedFields")
	body, err := json.Marshal(l.object)
	if err != nil {
		return err
	}
	var written map[string]any
	if err := l.client.call(ctx, http.MethodPut, path, nil, body, &written); err != nil {
		l.object = nil
		return err
	}
	l.object = written
	return nil
}

func renew(object map[string]any, holder, now string) {
	spec := child(object, "spec")
	spec["renewTime"] = now
	if spec["holderIdentity"] == holder {
		return
	}
	before, _ := spec["leaseTransitions"].(float64)
	if spec["holderIdentity"] != nil && spec["holderIdentity"] != "" {
		before++
	}
	spec["holderIdentity"], spec["acquireTime"], spec["leaseTransitions"] = holder, now, before
}

func child(of map[string]any, name string) map[string]any {
	found, ok := of[name].(map[string]any)
	if !ok {
		found = map[string]any{}
		of[name] = found
	}
	return found
}
