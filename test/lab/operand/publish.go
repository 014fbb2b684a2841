package main

import (
	"context"
	"net/netip"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	core "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/util/retry"
)

// patience covers conflicts with other writers and an API server that restarts.
var patience = wait.Backoff{Steps: 6, Duration: 50 * time.Millisecond, Factor: 2, Jitter: 0.1}

// publish writes the node into the annotation and the addresses into the status, where they differ.
func publish(
	ctx context.Context, client core.ServicesGetter, service *corev1.Service, ips []netip.Addr, node string,
) error {
	if isPublished(service, ips, node) {
		return nil
	}
	services := client.Services(service.Namespace)
	return retry.OnError(patience, isWorthRetrying, func() error {
		fresh, err := services.Get(ctx, service.Name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		if fresh.Annotations[hostAnnotation] != node {
			metav1.SetMetaDataAnnotation(&fresh.ObjectMeta, hostAnnotation, node)
			if fresh, err = services.Update(ctx, fresh, metav1.UpdateOptions{}); err != nil {
				return err
			}
		}
		if isPublished(fresh, ips, node) {
			return nil
		}
		fresh.Status.LoadBalancer.Ingress = ingress(ips)
		_, err = services.UpdateStatus(ctx, fresh, metav1.UpdateOptions{})
		return err
	})
}

func isWorthRetrying(err error) bool {
	return !apierrors.IsNotFound(err) && !apierrors.IsForbidden(err) && !apierrors.IsInvalid(err)
}

func isPublished(service *corev1.Service, ips []netip.Addr, node string) bool {
	return service.Annotations[hostAnnotation] == node &&
		slices.EqualFunc(service.Status.LoadBalancer.Ingress, ips,
			func(have corev1.LoadBalancerIngress, want netip.Addr) bool { return have.IP == want.String() })
}

func ingress(ips []netip.Addr) (list []corev1.LoadBalancerIngress) {
	for _, ip := range ips {
		list = append(list, corev1.LoadBalancerIngress{IP: ip.String()})
	}
	return list
}
