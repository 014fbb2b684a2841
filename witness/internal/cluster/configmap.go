package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Text is what a ConfigMap has under a key.
type Text struct {
	Text string
	// IsThere is false while there is no such ConfigMap, or no such key.
	IsThere bool
}

type configMap struct {
	Metadata struct {
		ResourceVersion string `json:"resourceVersion"`
	} `json:"metadata"`
	Data map[string]string `json:"data"`
}

func (m configMap) text(key string) Text {
	text, ok := m.Data[key]
	return Text{text, ok}
}

const (
	firstPause = time.Second
	mostPause  = 30 * time.Second
	// watchSeconds is how long a watch may last. The next one begins with a list, so nothing is missed for longer.
	watchSeconds = 300
)

// Follow says what a ConfigMap has under a key, now and whenever it changes, until the context ends.
func (c *Client) Follow(ctx context.Context, name, key string, say func(Text)) {
	pause := firstPause
	for ctx.Err() == nil {
		err := c.listAndWatch(ctx, name, key, say)
		if err == nil {
			pause = firstPause
			continue
		}
		slog.Warn("cannot follow the questions; trying again", "configMap", name, "error", err, "in", pause)
		select {
		case <-ctx.Done():
		case <-time.After(pause + rand.N(pause)):
		}
		pause = min(2*pause, mostPause)
	}
}

// listAndWatch returns nil when a watch has ended as it should.
func (c *Client) listAndWatch(ctx context.Context, name, key string, say func(Text)) error {
	only := url.Values{"fieldSelector": {"metadata.name=" + name}}
	var list struct {
		Metadata struct {
			ResourceVersion string `json:"resourceVersion"`
		} `json:"metadata"`
		Items []configMap `json:"items"`
	}
	path := c.path("api/v1", "configmaps")
	if err := c.call(ctx, http.MethodGet, path, only, nil, &list); err != nil {
		return err
	}
	if len(list.Items) == 0 {
		say(Text{})
	} else {
		say(list.Items[0].text(key))
	}
	seconds := watchSeconds + rand.IntN(watchSeconds)
	only.Set("watch", "true")
	only.Set("resourceVersion", list.Metadata.ResourceVersion)
	only.Set("timeoutSeconds", strconv.Itoa(seconds))
	// The server ends it. Where that gets lost, this does.
	ctx, cancel := context.WithTimeout(ctx, time.Duration(seconds)*time.Second+patience)
	defer cancel()
	events, err := c.open(ctx, http.MethodGet, path, only, nil)
	if err != nil {
		return err
	}
	defer events.Close()
	return read(events, key, say)
}

func read(events io.Reader, key string, say func(Text)) error {
	decoder := json.NewDecoder(events)
	for {
		var event struct {
			Type   string          `json:"type"`
			Object json.RawMessage `json:"object"`
		}
		err := decoder.Decode(&event)
		if errors.Is(err, io.EOF) || errors.Is(err, context.DeadlineExceeded) {
			return nil
		}
		if err != nil {
			return err
		}
		var object configMap
		switch event.Type {
		case "ADDED", "MODIFIED":
			if err := json.Unmarshal(event.Object, &object); err != nil {
				return err
			}
			say(object.text(key))
		case "DELETED":
			say(Text{})
		default: // Most often 410: the version that the watch began with is too old.
			return fmt.Errorf("watch: %s %s", event.Type, event.Object)
		}
	}
}
