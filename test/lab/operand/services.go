package main

import (
	"context"
	"log/slog"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	core "k8s.io/client-go/kubernetes/typed/core/v1"
)

const serviceOwner = "service/"

// serviceWatcher binds the addresses of the Services that the class filter accepts, while it leads.
type serviceWatcher struct {
	client    core.ServicesGetter
	announcer *announcer
	config    config
	link      string
}

// run watches until ctx ends. It only watches and gets, never lists: kube-vip needs no list, so the
// operator's role may not grant it.
func (w *serviceWatcher) run(ctx context.Context) {
	version := ""
	for ctx.Err() == nil {
		next, err := w.follow(ctx, version)
		version = next
		switch {
		case err == nil || ctx.Err() != nil: // the API server ends every watch after some minutes
		case apierrors.IsResourceExpired(err) || apierrors.IsGone(err):
			version = "" // starts with what exists, which leaves out what was deleted meanwhile
			w.forgetDeleted(ctx)
		default:
			slog.Error("cannot watch services", "error", err)
			pause(ctx, time.Second)
		}
	}
}

// follow handles one watch and returns the version to go on from.
func (w *serviceWatcher) follow(ctx context.Context, version string) (string, error) {
	stream, err := w.client.Services(w.config.servicesNamespace).Watch(ctx, metav1.ListOptions{
		ResourceVersion:     version,
		AllowWatchBookmarks: true,
	})
	if err != nil {
		return version, err
	}
	defer stream.Stop()
	for event := range stream.ResultChan() {
		service, ok := event.Object.(*corev1.Service)
		if !ok {
			return version, apierrors.FromObject(event.Object)
		}
		version = service.ResourceVersion
		w.handle(ctx, event.Type, service)
	}
	return version, nil
}

func (w *serviceWatcher) handle(ctx context.Context, kind watch.EventType, service *corev1.Service) {
	owner := serviceOwner + service.Namespace + "/" + service.Name
	switch {
	case kind == watch.Bookmark:
	case kind == watch.Deleted || !w.config.class.serves(service):
		w.announcer.set(owner, nil)
	default:
		w.bind(ctx, owner, service)
	}
}

func (w *serviceWatcher) bind(ctx context.Context, owner string, service *corev1.Service) {
	ips, err := serviceAddresses(service)
	if err != nil {
		slog.Error("cannot read the addresses of a service", "service", owner, "error", err)
	}
	addresses := []address{}
	for _, ip := range ips {
		prefix := w.config.subnet.service(ip)
		if !prefix.IsValid() {
			slog.Error("vip_subnet has no prefix of that length", "service", owner, "address", ip)
			return
		}
		addresses = append(addresses, address{w.link, prefix})
	}
	w.announcer.set(owner, addresses)
	if len(addresses) == 0 {
		return
	}
	if err := publish(ctx, w.client, service, ips, w.config.node); err != nil && ctx.Err() == nil {
		slog.Error("cannot publish the addresses of a service", "service", owner, "error", err)
	}
}

func (w *serviceWatcher) forgetDeleted(ctx context.Context) {
	for _, owner := range w.announcer.owners() {
		key, ok := strings.CutPrefix(owner, serviceOwner)
		if !ok {
			continue
		}
		namespace, name, _ := strings.Cut(key, "/")
		_, err := w.client.Services(namespace).Get(ctx, name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			w.announcer.set(owner, nil)
		}
	}
}

func pause(ctx context.Context, duration time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(duration):
	}
}
