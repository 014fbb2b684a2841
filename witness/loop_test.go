package main

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"kubevip.dev/operator/witness/internal/cluster"
	"kubevip.dev/operator/witness/internal/contract"
)

// tell runs a loop that asks no segment, and returns what it writes. The first writes are refused.
func tell(t *testing.T, refused, wanted int, texts ...cluster.Text) []contract.Answers {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	questions := make(chan cluster.Text, len(texts))
	for _, text := range texts {
		questions <- text
	}
	written := []contract.Answers{}
	newLoop("pod", questions, func(_ context.Context, text string) error {
		var answers contract.Answers
		if err := json.Unmarshal([]byte(text), &answers); err != nil {
			t.Error(err)
		}
		written = append(written, answers)
		if len(written) >= wanted {
			cancel()
		}
		if len(written) <= refused {
			return errors.New("refused")
		}
		return nil
	}).run(ctx)
	return written
}

func TestWhatIsWritten(t *testing.T) {
	given := cluster.Text{Text: `{"v":1,"revision":"r","subnets":["198.51.100.0/24"],"control":[{"address":"198.51.100.1"}]}`, IsThere: true}
	later := cluster.Text{Text: `{"v":2}`, IsThere: true}
	cases := []struct {
		name    string
		texts   []cluster.Text
		trouble string
		missing int
	}{
		{"says what this node cannot ask", []cluster.Text{given}, "", 1},
		{"says that there are no questions", []cluster.Text{{}},
			"there are no questions; look at the ConfigMap of this segment, which the operator writes", 0},
		{"says that it cannot read them, and goes on with the former", []cluster.Text{given, later},
			"expected questions of version 1, found 2; update the operator and the witness to one version", 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			written := tell(t, 0, 1, c.texts...)
			if len(written) != 1 || written[0].Trouble != c.trouble || len(written[0].Missing) != c.missing || written[0].Sequence != 1 || written[0].Pod != "pod" {
				t.Errorf("got %+v", written)
			}
		})
	}
}

func TestRefusedAnswersAreWrittenAgainSoon(t *testing.T) {
	begin := time.Now()
	written := tell(t, 2, 3, cluster.Text{Text: `{"v":1,"revision":"r"}`, IsThere: true})
	if took := time.Since(begin); took > 4500*time.Millisecond || took < 2*time.Second {
		t.Errorf("took %v", took)
	}
	if last := written[len(written)-1]; last.Sequence != 3 || last.Revision != "r" {
		t.Errorf("got %+v", last)
	}
}

func TestNothingIsWrittenWithoutQuestions(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	newLoop("pod", nil, func(context.Context, string) error {
		t.Error("writes before it was asked")
		return nil
	}).run(ctx)
}
