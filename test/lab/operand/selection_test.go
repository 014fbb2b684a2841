package main

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

func service(change func(*corev1.Service)) *corev1.Service {
	class := "kubevip.dev/ours"
	s := &corev1.Service{}
	s.Annotations = map[string]string{}
	s.Spec.Type = corev1.ServiceTypeLoadBalancer
	s.Spec.LoadBalancerClass = &class
	change(s)
	return s
}

func TestServes(t *testing.T) {
	ours := classFilter{name: "kubevip.dev/ours", only: true, legacy: false} // as the operator renders it
	same := func(*corev1.Service) {}
	classless := func(s *corev1.Service) { s.Spec.LoadBalancerClass = nil }
	foreign := func(s *corev1.Service) { *s.Spec.LoadBalancerClass = "example.com/other" }
	cases := []struct {
		name   string
		filter classFilter
		change func(*corev1.Service)
		want   bool
	}{
		{"serves its class", ours, same, true},
		{"leaves another class alone", ours, foreign, false},
		{"leaves a Service without class alone", ours, classless, false},
		{"leaves other types alone", ours, func(s *corev1.Service) { s.Spec.Type = corev1.ServiceTypeNodePort }, false},
		{"obeys the ignore annotation", ours, func(s *corev1.Service) { s.Annotations[ignoreAnnotation] = "true" }, false},
		{"takes a Service without class in legacy mode", classFilter{ours.name, false, true}, classless, true},
		{"does not in legacy mode with lb_class_only", classFilter{ours.name, true, true}, classless, false},
		{"takes it with an empty class name", classFilter{"", false, false}, classless, true},
		{"never takes another class in legacy mode", classFilter{ours.name, false, true}, foreign, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := c.filter.serves(service(c.change)); got != c.want {
				t.Fatalf("got %v", got)
			}
		})
	}
}

func TestServiceAddresses(t *testing.T) {
	cases := []struct {
		name   string
		change func(*corev1.Service)
		want   string
	}{
		{"reads the annotation, a list", func(s *corev1.Service) {
			s.Annotations[addressesAnnotation] = "203.0.113.7, 2001:db8::7"
		}, "[203.0.113.7 2001:db8::7] <nil>"},
		{"prefers the annotation to the spec", func(s *corev1.Service) {
			s.Annotations[addressesAnnotation] = "203.0.113.7"
			s.Spec.LoadBalancerIP = "203.0.113.8"
		}, "[203.0.113.7] <nil>"},
		{"falls back to the spec", func(s *corev1.Service) { s.Spec.LoadBalancerIP = "203.0.113.8" },
			"[203.0.113.8] <nil>"},
		{"never reads the status", func(s *corev1.Service) {
			s.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{IP: "203.0.113.1"}}
		}, "[] <nil>"},
		{"refuses DHCP", func(s *corev1.Service) { s.Spec.LoadBalancerIP = "0.0.0.0" },
			"[] 0.0.0.0 asks for DHCP, which the stand-in does not know"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			addresses, err := serviceAddresses(service(c.change))
			if got := fmt.Sprintf("%v %v", addresses, err); got != c.want {
				t.Fatalf("got %s, want %s", got, c.want)
			}
		})
	}
}
