package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"kubevip.dev/operator/witness/internal/asking"
	"kubevip.dev/operator/witness/internal/cluster"
	"kubevip.dev/operator/witness/internal/contract"
	"kubevip.dev/operator/witness/internal/host"
	"kubevip.dev/operator/witness/internal/report"
	"kubevip.dev/operator/witness/internal/schedule"
	"kubevip.dev/operator/witness/internal/socket"
)

const (
	// lookEvery is how often the kernel is asked for the addresses of this node.
	lookEvery = time.Second
	// newsEvery is how often it is asked whether there is news.
	newsEvery = 200 * time.Millisecond
)

// write puts answers where the operator reads them.
type write func(ctx context.Context, text string) error

// loop is the one owner of all that a witness knows. Sockets, questions and writes reach it by channels.
type loop struct {
	pod       string
	questions <-chan cluster.Text
	write     write
	segment   *socket.Segment
	asker     *asking.Asker
	clock     clock

	isAsking bool
	sequence int64
	// Of the answers that were written last: when, and what they said.
	written   int64
	state     report.State
	isWriting bool
	done      chan error
	complaint string
}

func newLoop(pod string, questions <-chan cluster.Text, write write) *loop {
	segment := socket.NewSegment()
	return &loop{
		pod: pod, questions: questions, write: write, segment: segment, asker: asking.New(segment),
		clock: newClock(time.Now()), written: -report.Renew, done: make(chan error, 1),
	}
}

func (l *loop) run(ctx context.Context) {
	questions := time.NewTicker(schedule.Tick * time.Millisecond)
	looks := time.NewTicker(lookEvery)
	news := time.NewTicker(newsEvery)
	l.look()
	for {
		select {
		case <-ctx.Done():
			return
		case text := <-l.questions:
			l.take(text)
		case <-looks.C:
			l.look()
		case <-questions.C:
			l.asker.Tick(l.clock.now())
		case heard := <-l.segment.Heard():
			l.asker.Hear(heard.Claim, heard.By, l.clock.now())
		case <-news.C:
			l.tell(ctx)
		case err := <-l.done:
			l.wrote(err)
		}
	}
}

func (l *loop) look() {
	node, err := host.Read()
	if err != nil {
		slog.Error("cannot look at the node; trying again", "error", err)
		return
	}
	l.asker.Look(node, l.clock.now())
}

func (l *loop) take(text cluster.Text) {
	l.isAsking = true
	if !text.IsThere {
		l.asker.Ask(contract.Questions{}, l.clock.now())
		l.asker.Refuse(errors.New("there are no questions; look at the ConfigMap of this segment, which the operator writes"))
		return
	}
	questions, err := contract.ParseQuestions(text.Text)
	if err != nil {
		slog.Error("cannot take the questions", "error", err)
		l.asker.Refuse(err)
		return
	}
	slog.Info("took questions", "revision", questions.Revision,
		"control", len(questions.Control), "services", len(questions.GroupAddresses()))
	l.asker.Ask(questions, l.clock.now())
}

// tell writes answers when they are due. One write is under way at a time, so a slow API server stops no question.
func (l *loop) tell(ctx context.Context) {
	now := l.clock.now()
	isNews := l.asker.HasNews() || l.state.IsOpen
	if !l.isAsking || l.isWriting || (!isNews && now-l.written < report.Renew) {
		return
	}
	if now-l.written < report.Soon {
		return
	}
	answers := l.asker.Answers(now)
	state := report.StateOf(answers)
	if !report.Due(now, l.written, l.state, state) {
		if !state.Equals(l.state) {
			l.asker.Remind()
		}
		return
	}
	l.sequence++
	answers.Sequence, answers.Pod = l.sequence, l.pod
	text, err := report.Fit(answers, contract.MostBytes)
	if err != nil {
		slog.Error("cannot write the answers down", "error", err)
		return
	}
	l.written, l.state, l.isWriting = now, state, true
	go func() { l.done <- l.write(ctx, text) }()
}

// wrote takes in how a write went. What did not arrive is news again.
func (l *loop) wrote(err error) {
	l.isWriting = false
	complaint := ""
	if err != nil {
		l.state = report.State{}
		l.asker.Remind()
		complaint = err.Error()
	}
	if complaint != "" && complaint != l.complaint {
		slog.Error("cannot write the answers; trying again", "error", complaint)
	}
	if complaint == "" && l.complaint != "" {
		slog.Info("the answers can be written again")
	}
	l.complaint = complaint
}

func leaseWriter(lease *cluster.Lease) write {
	return func(ctx context.Context, text string) error {
		if err := lease.Write(ctx, contract.AnswersAnnotation, text, time.Now()); err != nil {
			return fmt.Errorf("lease of this node: %w", err)
		}
		return nil
	}
}

// clock counts milliseconds since 1970 without the leaps that the clock of a node makes.
type clock struct{ start time.Time }

func newClock(start time.Time) clock { return clock{start} }

func (c clock) now() int64 { return c.start.UnixMilli() + time.Since(c.start).Milliseconds() }
