package main

import (
	"fmt"
	"net/netip"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

const (
	addressesAnnotation = "kube-vip.io/loadbalancerIPs"
	ignoreAnnotation    = "kube-vip.io/ignore"
	hostAnnotation      = "kube-vip.io/vipHost"
)

// classFilter decides by loadBalancerClass. The operator renders only=true and legacy=false: exactly its class.
type classFilter struct {
	name         string
	only, legacy bool
}

func (f classFilter) accepts(class *string) bool {
	switch {
	case class != nil:
		return *class == f.name
	case f.legacy:
		return !f.only
	default:
		return f.name == ""
	}
}

// serves reports whether this Service is ours to announce.
func (f classFilter) serves(service *corev1.Service) bool {
	return service.Spec.Type == corev1.ServiceTypeLoadBalancer &&
		service.Annotations[ignoreAnnotation] != "true" &&
		f.accepts(service.Spec.LoadBalancerClass)
}

// serviceAddresses returns what the Service asks for. Its status is never read: an address that another
// controller wrote there may be a node's own (kube-vip from v0.7.0 does read it, and the operator guards
// against that with the class filter).
func serviceAddresses(service *corev1.Service) ([]netip.Addr, error) {
	text := service.Annotations[addressesAnnotation]
	if text == "" {
		text = service.Spec.LoadBalancerIP
	}
	if text == "" {
		return nil, nil
	}
	var addresses []netip.Addr
	for part := range strings.SplitSeq(text, ",") {
		address, err := netip.ParseAddr(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		if address.IsUnspecified() {
			return nil, fmt.Errorf("%s asks for DHCP, which the stand-in does not know", address)
		}
		addresses = append(addresses, address.Unmap())
	}
	return addresses, nil
}
