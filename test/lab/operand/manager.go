package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/leaderelection"
)

// manage runs the enabled halves until a signal, or until either loses its Lease: as in kube-vip, one
// lost Lease ends the whole process.
func manage(ctx context.Context, c config, client kubernetes.Interface, node network) error {
	announcer := newAnnouncer(node)
	elections, err := prepare(c, client, announcer)
	if err != nil {
		return err
	}
	// Elections outlive the signal: the addresses must be gone before the Lease is given back, or the
	// next leader would bind them while they are still here.
	electing, giveBack := context.WithCancel(context.WithoutCancel(ctx))
	defer giveBack()
	go announcer.run(electing, c.arpRate)

	var running sync.WaitGroup
	lost := make(chan struct{}, len(elections))
	for _, election := range elections {
		running.Go(func() {
			election.Run(electing)
			lost <- struct{}{}
		})
	}
	select {
	case <-ctx.Done():
		slog.Info("told to end")
	case <-lost:
		slog.Warn("lost a lease, ending")
	}
	announcer.close()
	giveBack()
	running.Wait()
	return nil
}

// prepare finds the interfaces, removes what an earlier process left behind, and makes the elections.
func prepare(c config, client kubernetes.Interface, announcer *announcer) ([]*leaderelection.LeaderElector, error) {
	var elections []*leaderelection.LeaderElector
	if c.controlPlane {
		link, err := findLink(c.interfaceName)
		if err != nil {
			return nil, fmt.Errorf("vip_interface: %w", err)
		}
		election, err := controlPlaneElection(c, client, announcer, link)
		if err != nil {
			return nil, err
		}
		elections = append(elections, election)
	}
	if c.services {
		link, err := findLink(c.servicesInterfaceName)
		if err != nil {
			return nil, fmt.Errorf("vip_servicesinterface: %w", err)
		}
		watcher := &serviceWatcher{client.CoreV1(), announcer, c, link}
		election, err := newElection(client.CoordinationV1(), c, c.servicesLeaseName, watcher.run)
		if err != nil {
			return nil, err
		}
		elections = append(elections, election)
	}
	return elections, nil
}

func controlPlaneElection(
	c config, client kubernetes.Interface, announcer *announcer, link string,
) (*leaderelection.LeaderElector, error) {
	vips := []address{}
	for _, ip := range c.addresses {
		vip := address{link, c.subnet.controlPlane(ip)}
		if !vip.prefix.IsValid() {
			return nil, fmt.Errorf("vip_subnet: no prefix of that length for %s", ip)
		}
		vips = append(vips, vip)
		announcer.release(vip) // after kill -9 it is still here, and another node may lead by now
	}
	return newElection(client.CoordinationV1(), c, c.leaseName, func(context.Context) {
		announcer.set("control-plane", vips)
	})
}
